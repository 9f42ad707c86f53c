using System.Net;
using Latchkey.Accounts;
using Latchkey.Applications;
using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Accounts;

/// <summary>Invitations to an application and to the installation.</summary>
public sealed class PortalInvitationTests(ServerFixture servers)
{
    private const string Joining = "/portal/operator/joining";

    [Fact]
    public async Task An_invitation_makes_an_account_that_may_do_what_was_offered_and_no_more()
    {
        var (app, owner, address) = (
            await servers.Main.CreateApp(),
            await PortalAccount.Create(servers.Main),
            PortalAccount.UniqueEmail("new")
        );
        await owner.AddAsMember(app.Id, "owner");
        var link = await Invite(await owner.SignIn(), app, address, "viewer");
        var guest = new PortalClient(servers.Main);
        (await guest.Get(link)).Text.ShouldContain(address);
        (await guest.Post(link, "account", ("name", "New"), ("password", "short"))).Text.ShouldContain("another password");
        (
            await guest.Post(link, "account", ("name", "Win at https://evil.example"), ("password", PortalAccount.Password))
        ).Text.ShouldContain("without a link");
        var form = await guest.Fields(link, "account");
        (await guest.Send(link, form, ("name", "New"), ("password", PortalAccount.Password), ("role", "owner"), ("email", owner.Email)))
            .Header("Location")
            .ShouldBe($"/portal/applications/{app.Id}");
        (await guest.Get($"/portal/applications/{app.Id}/members")).ShouldBeOk().Text.ShouldNotContain("Invite someone");
        (await RoleOf(app, address)).ShouldBe("viewer");
        (await servers.Main.Installation.Query<string>("SELECT role FROM developers WHERE email = @address", new { address })).ShouldBe(
            "developer"
        );
        (await new PortalClient(servers.Main).Get(link)).Text.ShouldContain("is no longer valid");
        (
            await servers.Main.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action IN ('inviteMember', 'acceptMemberInvitation') AND "
                    + "handle = @address",
                new { app.Id, address }
            )
        ).ShouldBe(2);
    }

    [Fact]
    public async Task An_account_accepts_an_invitation_of_its_own_address_only()
    {
        var app = await servers.Main.CreateApp();
        var (owner, invited, other) = (
            await PortalAccount.Create(servers.Main),
            await PortalAccount.Create(servers.Main, "invited"),
            await PortalAccount.Create(servers.Main, "other")
        );
        await owner.AddAsMember(app.Id, "owner");
        var link = await Invite(await owner.SignIn(), app, invited.Email.ToUpperInvariant(), "editor");
        (await new PortalClient(servers.Main).Get(link)).Text.ShouldContain("Sign in as");

        var wrong = await other.SignIn();
        (await wrong.Get(link)).Text.ShouldContain("The invitation is for");
        (await wrong.Send(link, await wrong.Fields("/portal/account", "name"), ("_handler", "accept"))).Status.ShouldNotBe(
            HttpStatusCode.SeeOther
        );
        (await RoleOf(app, other.Email)).ShouldBeNull();

        var right = await invited.SignIn();
        await right.Get(link);
        (await RoleOf(app, invited.Email)).ShouldBeNull(); // a GET changes nothing
        (await right.Post(link, "accept")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await RoleOf(app, invited.Email)).ShouldBe("editor");
    }

    [Fact]
    public async Task An_invitation_is_used_once_though_three_use_it_at_once()
    {
        var (app, owner) = (await servers.Main.CreateApp(), await PortalAccount.Create(servers.Main));
        await owner.AddAsMember(app.Id, "owner");
        var client = await owner.SignIn();
        for (var round = 0; round < 5; round++)
        {
            var address = PortalAccount.UniqueEmail("race");
            var link = await Invite(client, app, address, "editor");
            var browsers = Enumerable.Range(0, 3).Select(_ => new PortalClient(servers.Main)).ToList();
            var forms = await Task.WhenAll(browsers.Select(browser => browser.Fields(link, "account")));
            var replies = await Task.WhenAll(
                browsers.Zip(forms, (browser, form) => browser.Send(link, form, ("name", "Racer"), ("password", PortalAccount.Password)))
            );
            replies.Count(reply => reply.Status == HttpStatusCode.SeeOther).ShouldBe(1);
            (
                await servers.Main.Installation.Query<long>("SELECT COUNT(*) FROM developers WHERE email = @address", new { address })
            ).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_revoked_replaced_or_old_invitation_leads_nowhere()
    {
        var (app, owner, address) = (
            await servers.Main.CreateApp(),
            await PortalAccount.Create(servers.Main),
            PortalAccount.UniqueEmail("new")
        );
        await owner.AddAsMember(app.Id, "owner");
        var client = await owner.SignIn();
        var first = await Invite(client, app, address, "viewer");
        await PortalAccount.ResetMailLimits(servers.Main, address);
        var second = await Invite(client, app, address, "editor");
        await IsDead(first);
        var id = await servers.Main.Installation.Query<string>(
            "SELECT id FROM developer_invitations WHERE email = @address",
            new { address }
        );
        (await client.Post(Members(app), "revoke", ("revoke", id))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await IsDead(second);

        await PortalAccount.ResetMailLimits(servers.Main, address);
        var third = await Invite(client, app, address, "editor");
        await servers.Main.Installation.Execute(
            "UPDATE developer_invitations SET expires_at = expires_at - @week WHERE email = @address",
            new { address, week = 7 * 24 * 3_600_000L }
        );
        await IsDead(third);
    }

    [Theory]
    [InlineData("an address that has changed", "UPDATE developers SET email = 'was-' || email WHERE id = @Id")]
    [InlineData("an invitation that an older program wrote", "UPDATE developer_invitations SET inviter_id = NULL WHERE inviter_id = @Id")]
    public async Task Invitations_of_an_owner_who_was_removed_stop_working(string despite, string sql)
    {
        var (app, owner, mallory, address) = (
            await servers.Main.CreateApp(),
            await PortalAccount.Create(servers.Main),
            await PortalAccount.Create(servers.Main, "mallory"),
            PortalAccount.UniqueEmail("friend")
        );
        await owner.AddAsMember(app.Id, "owner");
        await mallory.AddAsMember(app.Id, "owner");
        var link = await Invite(await mallory.SignIn(), app, address, "owner");
        (await servers.Main.Installation.Execute(sql, new { mallory.Id })).ShouldBe(1, despite);
        (await (await owner.SignIn()).Post($"{Members(app)}/{mallory.Id}", "remove")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await IsDead(link);
    }

    [Fact]
    public async Task Invitations_of_an_owner_who_became_an_editor_stop_working()
    {
        var (app, owner, mallory) = (
            await servers.Main.CreateApp(),
            await PortalAccount.Create(servers.Main),
            await PortalAccount.Create(servers.Main, "mallory")
        );
        await owner.AddAsMember(app.Id, "owner");
        await mallory.AddAsMember(app.Id, "owner");
        var link = await Invite(await mallory.SignIn(), app, PortalAccount.UniqueEmail("friend"), "owner");
        (await new PortalClient(servers.Main).Get(link)).Text.ShouldContain("You are invited");
        await mallory.AddAsMember(app.Id, "editor");
        await IsDead(link);
    }

    [Theory]
    [InlineData("suspend", false)]
    [InlineData("delete", false)]
    [InlineData("reset", false)]
    [InlineData("take", true)]
    public async Task Invitations_are_worth_what_their_sender_could_still_give(string happens, bool stillOwns)
    {
        var (own, foreign) = (await servers.Main.CreateApp(), await servers.Main.CreateApp());
        var (ada, mallory) = (
            await PortalAccount.Create(servers.Main, "ada", isOperator: true),
            await PortalAccount.Create(servers.Main, "mallory", isOperator: true)
        );
        await ada.AddAsMember(own.Id, "owner");
        await mallory.AddAsMember(own.Id, "owner");
        var (client, address) = (await mallory.SignIn(), PortalAccount.UniqueEmail("friend"));
        var (toOwn, toForeign) = (
            await Invite(client, own, PortalAccount.UniqueEmail("friend"), "owner"),
            await Invite(client, foreign, PortalAccount.UniqueEmail("friend"), "owner")
        );
        (await client.Post(Joining, "invite", ("email", address))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var toInstallation = await PortalAccount.LastLinkTo(servers.Main, address);
        await servers.Main.Installation.Execute(
            "UPDATE developers SET email = @Email, email_key = @Email WHERE id = @Id",
            new { (mallory = mallory with { Email = PortalAccount.UniqueEmail("renamed") }).Email, mallory.Id }
        );

        var done =
            happens == "reset"
                ? await ResetPassword(mallory)
                : await (await ada.SignIn()).Post($"/portal/operator/developers/{mallory.Id}", happens, ("confirm", mallory.Email));
        done.Status.ShouldBe(HttpStatusCode.SeeOther);
        await IsDead(toInstallation);
        await IsDead(toForeign);
        (await new PortalClient(servers.Main).Get(toOwn)).Text.Contains("You are invited", StringComparison.Ordinal).ShouldBe(stillOwns);
    }

    [Fact]
    public async Task Whoever_lost_the_right_while_the_form_was_under_way_invites_nobody()
    {
        var (app, mallory, address) = (
            await servers.Main.CreateApp(),
            await PortalAccount.Create(servers.Main, "mallory"),
            PortalAccount.UniqueEmail("friend")
        );
        await mallory.AddAsMember(app.Id, "editor");
        var (rules, inviter) = (
            await servers.Main.Installation.Get<DeveloperInvitations>(),
            (await (await servers.Main.Installation.Get<DeveloperAdministration>()).Find(mallory.Id))!
        );
        (await rules.InviteToApplication(app.Id, address, Role.Owner, inviter, new("127.0.0.1", "127.0.0.1"))).Error!.Code.ShouldBe(705);
        (
            await rules.InviteToInstallation(PortalAccount.UniqueEmail("friend"), inviter, new("127.0.0.1", "127.0.0.1"))
        ).Error!.Code.ShouldBe(705);
        (
            await servers.Main.Installation.Query<long>(
                "SELECT COUNT(*) FROM developer_invitations WHERE inviter_id = @Id",
                new { mallory.Id }
            )
        ).ShouldBe(0);
        (await PortalAccount.LastMailTo(servers.Main, address)).ShouldBeNull();
    }

    [Fact]
    public async Task Accepting_never_lowers_a_role()
    {
        var (app, owner, member) = (
            await servers.Main.CreateApp(),
            await PortalAccount.Create(servers.Main),
            await PortalAccount.Create(servers.Main)
        );
        await owner.AddAsMember(app.Id, "owner");
        var link = await Invite(await owner.SignIn(), app, member.Email, "viewer");
        await member.AddAsMember(app.Id, "owner");
        await servers.Main.Installation.Execute("DELETE FROM members WHERE developer_id = @Id", new { owner.Id });
        await (await member.SignIn()).Post(link, "accept");
        (await RoleOf(app, member.Email)).ShouldBe("owner");
    }

    [Fact]
    public async Task Another_applications_invitation_cannot_be_revoked()
    {
        var (app, other) = (await servers.Main.CreateApp(), await servers.Main.CreateApp());
        var (owner, stranger, address) = (
            await PortalAccount.Create(servers.Main),
            await PortalAccount.Create(servers.Main),
            PortalAccount.UniqueEmail()
        );
        await owner.AddAsMember(app.Id, "owner");
        await stranger.AddAsMember(other.Id, "owner");
        await Invite(await owner.SignIn(), app, address, "viewer");
        var id = await servers.Main.Installation.Query<string>(
            "SELECT id FROM developer_invitations WHERE email = @address",
            new { address }
        );
        var client = await stranger.SignIn();
        var form = await client.Fields(Members(other), "invite");
        await client.Send(Members(other), form, ("_handler", "revoke"), ("revoke", id));
        (await servers.Main.Installation.Query<long>("SELECT COUNT(*) FROM developer_invitations WHERE id = @id", new { id })).ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_have_an_account_is_for_the_operator_to_say()
    {
        var server = await servers.Start();
        var (app, owner, ada) = (
            await server.CreateApp(),
            await PortalAccount.Create(server),
            await PortalAccount.Create(server, "ada", isOperator: true)
        );
        await owner.AddAsMember(app.Id, "owner");
        var (client, operating) = (await owner.SignIn(), await ada.SignIn());
        var guest = new PortalClient(server);
        (await guest.Get("/portal/sign-up")).Text.ShouldContain("By invitation only"); // the default

        (await operating.Post(Joining, "mode", ("mode", "anything"))).Status.ShouldBe(HttpStatusCode.OK);
        (await operating.Post(Joining, "mode", ("mode", "closed"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var closed = await Invite(client, app, PortalAccount.UniqueEmail("closed"), "viewer");
        (await guest.Get(closed)).Text.ShouldContain("you cannot create one here");
        var byOperator = PortalAccount.UniqueEmail("invited");
        await operating.Post(Joining, "invite", ("email", byOperator));
        (
            await new PortalClient(server).Post(
                await PortalAccount.LastLinkTo(server, byOperator),
                "account",
                ("name", "Invited"),
                ("password", PortalAccount.Password)
            )
        ).Status.ShouldBe(HttpStatusCode.SeeOther);

        await operating.Post(Joining, "mode", ("mode", "open"));
        var address = PortalAccount.UniqueEmail("open");
        foreach (var asked in new[] { address, owner.Email })
        {
            (await new PortalClient(server).Post("/portal/sign-up", "sign-up", ("email", asked)))
                .Header("Location")
                .ShouldBe("/portal/sign-up?sent=1");
        }

        (await PortalAccount.LastMailTo(server, owner.Email))!.Body.Subject.ShouldContain("already have an account");
        (await server.Installation.Query<long>("SELECT COUNT(*) FROM developers WHERE email = @address", new { address })).ShouldBe(0);
        await PortalForms.ReadHarmlessFields(new PortalClient(server), "/portal/sign-up");
        var link = await PortalAccount.LastLinkTo(server, address);
        var signedUp = new PortalClient(server);
        await PortalForms.ReadHarmlessFields(signedUp, link);
        (await signedUp.Post(link, "account", ("name", "Open"), ("password", PortalAccount.Password))).Status.ShouldBe(
            HttpStatusCode.SeeOther
        );
        (await signedUp.IsSignedIn()).ShouldBeTrue();
        (await new PortalClient(server).Get(link)).Text.ShouldContain("is no longer valid");
    }

    private static string Members(App app) => $"/portal/applications/{app.Id}/members";

    private static async Task<string> Invite(PortalClient owner, App app, string address, string role)
    {
        (await owner.Post(Members(app), "invite", ("email", address), ("role", role)))
            .Header("Location")
            .ShouldBe($"{Members(app)}?done=invited");
        return await PortalAccount.LastLinkTo(app.Server, address.ToLowerInvariant());
    }

    private static async Task<Reply> ResetPassword(PortalAccount account)
    {
        await new PortalClient(account.Server).Post("/portal/forgot", "forgot", ("email", account.Email));
        return await new PortalClient(account.Server).Post(
            await PortalAccount.LastLinkTo(account.Server, account.Email),
            "reset",
            ("password", "another long portal password")
        );
    }

    private static Task<string> RoleOf(App app, string email) =>
        app.Installation.Query<string>(
            "SELECT m.role FROM members m JOIN developers d ON d.id = m.developer_id WHERE m.app_id = @Id AND d.email = @email",
            new { app.Id, email }
        );

    private async Task IsDead(string link) => (await new PortalClient(servers.Main).Get(link)).Text.ShouldContain("is no longer valid");
}
