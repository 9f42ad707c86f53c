namespace Latchkey.Tests.Accounts;

/// <summary>An application keeps an owner and the installation an operator, whatever happens at once.</summary>
public sealed class LastOwnerTests(ServerFixture servers)
{
    private const int Rounds = 15;

    [Fact]
    public async Task Two_owners_who_leave_or_demote_each_other_at_once_leave_one()
    {
        var app = await servers.Main.CreateApp();
        var (ann, bob) = (await PortalAccount.Create(servers.Main, "ann"), await PortalAccount.Create(servers.Main, "bob"));
        var (annsBrowser, bobsBrowser) = (await ann.SignIn(), await bob.SignIn());
        var members = $"/portal/applications/{app.Id}/members";
        for (var round = 0; round < Rounds; round++)
        {
            await ann.AddAsMember(app.Id, "owner");
            await bob.AddAsMember(app.Id, "owner");
            var (leave, demote) = (
                await annsBrowser.Fields($"{members}/leave", "leave"),
                await bobsBrowser.Fields($"{members}/{bob.Id}", "role")
            );
            await (
                round % 2 == 0
                    ? Task.WhenAll(
                        annsBrowser.Send($"{members}/leave", leave),
                        bobsBrowser.Send($"{members}/{bob.Id}", demote, ("role", "viewer"))
                    )
                    : Task.WhenAll(
                        annsBrowser.Send($"{members}/leave", leave),
                        bobsBrowser.Send($"{members}/leave", await bobsBrowser.Fields($"{members}/leave", "leave"))
                    )
            );
            (
                await app.Installation.Query<long>("SELECT COUNT(*) FROM members WHERE app_id = @Id AND role = 'owner'", new { app.Id })
            ).ShouldBe(1, $"round {round}");
        }
    }

    [Fact]
    public async Task The_only_owner_cannot_leave_and_is_told_what_to_do()
    {
        var (app, owner) = (await servers.Main.CreateApp(), await PortalAccount.Create(servers.Main));
        await owner.AddAsMember(app.Id, "owner");
        var client = await owner.SignIn();
        var members = $"/portal/applications/{app.Id}/members";
        (await client.Post($"{members}/leave", "leave")).Text.ShouldContain("Make someone else an owner first");
        (await client.Post($"{members}/{owner.Id}", "role", ("role", "editor"))).Text.ShouldContain("Make someone else an owner first");
        (await client.Post($"{members}/{owner.Id}", "remove")).Text.ShouldContain("Make someone else an owner first");
        (await client.Get(members)).ShouldBeOk();
    }

    [Fact]
    public async Task Two_operators_who_take_the_role_from_each_other_at_once_leave_one()
    {
        var server = await servers.Start();
        var (ann, bob) = (
            await PortalAccount.Create(server, "ann", isOperator: true),
            await PortalAccount.Create(server, "bob", isOperator: true)
        );
        for (var round = 0; round < Rounds; round++)
        {
            await server.Installation.Execute("UPDATE developers SET role = 'operator', status = 'active'");
            var (annsBrowser, bobsBrowser) = (await ann.SignIn(), await bob.SignIn());
            var (annsForm, bobsForm) = (
                await annsBrowser.Fields(PageOf(bob), "take"),
                await bobsBrowser.Fields(PageOf(ann), round % 2 == 0 ? "take" : "suspend")
            );
            await Task.WhenAll(annsBrowser.Send(PageOf(bob), annsForm), bobsBrowser.Send(PageOf(ann), bobsForm));
            (
                await server.Installation.Query<long>("SELECT COUNT(*) FROM developers WHERE role = 'operator' AND status = 'active'")
            ).ShouldBe(1, $"round {round}");
        }
    }

    [Fact]
    public async Task The_last_operator_keeps_the_role_and_nobody_suspends_or_deletes_themselves()
    {
        var server = await servers.Start();
        var ada = await PortalAccount.Create(server, "ada", isOperator: true);
        var client = await ada.SignIn();
        (await client.Post(PageOf(ada), "take")).Text.ShouldContain("Make someone else an operator first");
        (await client.Post(PageOf(ada), "suspend")).Text.ShouldContain("your own account");
        (await client.Post(PageOf(ada), "delete", ("confirm", ada.Email))).Text.ShouldContain("your own account");
        (await client.Get("/portal/operator/developers")).ShouldBeOk();
    }

    [Fact]
    public async Task Suspending_ends_sessions_at_once_and_activating_revives_none()
    {
        var (ada, dev) = (await PortalAccount.Create(servers.Main, "ada", isOperator: true), await PortalAccount.Create(servers.Main));
        var (client, session) = (await ada.SignIn(), await dev.SignIn());
        (await client.Post(PageOf(dev), "suspend")).Header("Location")!.ShouldEndWith("?done=suspended");
        (await session.IsSignedIn()).ShouldBeFalse();
        (await new PortalClient(servers.Main).SignIn(dev.Email, PortalAccount.Password)).Text.ShouldContain("is wrong");
        await client.Post(PageOf(dev), "activate");
        (await session.IsSignedIn()).ShouldBeFalse();
        await dev.SignIn();
    }

    [Fact]
    public async Task An_operator_resets_a_lost_second_factor_and_its_owner_is_told()
    {
        var (ada, dev) = (await PortalAccount.Create(servers.Main, "ada", isOperator: true), await PortalAccount.Create(servers.Main));
        await dev.EnableSecondFactor(await dev.SignIn());
        (await dev.SignIn()).Session.ShouldBeNull();
        await (await ada.SignIn()).Post(PageOf(dev), "factor");
        (await dev.SignIn()).Session.ShouldNotBeNull();
        (await PortalAccount.LastMailTo(servers.Main, dev.Email))!.Body.Text.ShouldContain(ada.Email);
    }

    [Fact]
    public async Task Who_owns_an_application_alone_is_not_deleted()
    {
        var app = await servers.Main.CreateApp();
        var (ada, dev, heir) = (
            await PortalAccount.Create(servers.Main, "ada", isOperator: true),
            await PortalAccount.Create(servers.Main),
            await PortalAccount.Create(servers.Main, "heir")
        );
        await dev.AddAsMember(app.Id, "owner");
        var client = await ada.SignIn();
        (await client.Get(PageOf(dev))).Text.ShouldContain("is the only owner");
        var forged = await client.Fields(PageOf(heir), "delete");
        (await client.Send(PageOf(dev), forged, ("confirm", dev.Email))).Status.ShouldNotBe(System.Net.HttpStatusCode.SeeOther);
        await heir.AddAsMember(app.Id, "owner");
        (await client.Post(PageOf(dev), "delete", ("confirm", "someone@else.example"))).Text.ShouldContain("not the account");
        (await client.Post(PageOf(dev), "delete", ("confirm", dev.Email)))
            .Header("Location")
            .ShouldBe("/portal/operator/developers?done=deleted");
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM developers WHERE id = @Id", new { dev.Id })).ShouldBe(0);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM members WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
    }

    [Fact]
    public async Task A_suspended_owner_does_not_count_and_the_only_other_one_stays()
    {
        var app = await servers.Main.CreateApp();
        var (ada, dev, gone) = (
            await PortalAccount.Create(servers.Main, "ada", isOperator: true),
            await PortalAccount.Create(servers.Main),
            await PortalAccount.Create(servers.Main, "gone")
        );
        await dev.AddAsMember(app.Id, "owner");
        await gone.AddAsMember(app.Id, "owner");
        var (client, own) = (await ada.SignIn(), await dev.SignIn());
        (await client.Post(PageOf(gone), "suspend")).Header("Location")!.ShouldEndWith("?done=suspended");

        var members = $"/portal/applications/{app.Id}/members";
        (await own.Post($"{members}/leave", "leave")).Text.ShouldContain("Make someone else an owner first");
        (await own.Post($"{members}/{dev.Id}", "role", ("role", "editor"))).Text.ShouldContain("Make someone else an owner first");
        (await client.Get(PageOf(dev))).Text.ShouldContain("is the only owner");
        var forged = await client.Fields(PageOf(ada), "delete");
        (await client.Send(PageOf(dev), forged, ("confirm", dev.Email))).Status.ShouldNotBe(System.Net.HttpStatusCode.SeeOther);
        (await client.Post(PageOf(gone), "delete", ("confirm", gone.Email)))
            .Header("Location")
            .ShouldBe("/portal/operator/developers?done=deleted");
        (
            await app.Installation.Query<string>(
                "SELECT role FROM members WHERE app_id = @Id AND developer_id = @dev",
                new { app.Id, dev = dev.Id }
            )
        ).ShouldBe("owner");
    }

    [Fact]
    public async Task Whoever_owns_an_application_alone_can_be_suspended_and_the_page_says_what_that_means()
    {
        var app = await servers.Main.CreateApp();
        var (ada, dev) = (await PortalAccount.Create(servers.Main, "ada", isOperator: true), await PortalAccount.Create(servers.Main));
        await dev.AddAsMember(app.Id, "owner");
        var client = await ada.SignIn();
        (await client.Get(PageOf(dev))).Text.ShouldContain("only operators can manage Demo");
        (await client.Post(PageOf(dev), "suspend")).Header("Location")!.ShouldEndWith("?done=suspended");
        (await client.Get(PageOf(dev))).Text.ShouldContain("is the only owner");
    }

    private static string PageOf(PortalAccount account) => $"/portal/operator/developers/{account.Id}";
}
