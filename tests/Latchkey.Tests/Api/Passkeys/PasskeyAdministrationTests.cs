using Latchkey.Tests.Api.TwoFactor;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>A user's passkeys for the application's servers, developers and operators.</summary>
public sealed class PasskeyAdministrationTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData("server")]
    [InlineData("cli")]
    [InlineData("portal")]
    public async Task A_passkey_that_is_removed_signs_nobody_in_and_the_user_is_told(string by)
    {
        var (app, phone, id) = await WithPasskey();
        using (phone)
        {
            switch (by)
            {
                case "server":
                    (await app.SendAsServer(HttpMethod.Delete, $"users/{Ann}/passkeys/{id}")).ShouldBeTrue();
                    (await app.SendAsServer(HttpMethod.Delete, $"users/{Ann}/passkeys/{id}")).ShouldFailWith(718);
                    break;
                case "cli":
                    (await app.Installation.Run("user", "remove-passkey", app.Id, Ann, id)).ShouldSucceed();
                    (await app.Installation.Run("user", "remove-passkey", app.Id, Ann, id)).ExitCode.ShouldBe(1);
                    break;
                default:
                    using (var editor = await PortalVisitor.Member(app, "editor"))
                    {
                        var page = await editor.SubmitAndFollow(await PageOf(app), "remove-passkey", ("passkey", id));
                        page.Text("main").ShouldContain("The passkey is removed, and the user was told by mail");
                        page.Text("#passkeys").ShouldContain("The user has no passkeys");
                    }

                    break;
            }

            (await app.LoginWithPasskey(phone)).ShouldFailWith(600);
        }

        (await app.MailKinds(Ann))[^1].ShouldBe("passkeyRemoved");
        (await app.HasLogLine("passkeyDelete")).ShouldBeTrue();
    }

    [Fact]
    public async Task Servers_the_command_line_and_the_portal_list_them()
    {
        var (app, phone, id) = await WithPasskey();
        phone.Dispose();
        var server = (await app.SendAsServer(HttpMethod.Get, $"users/{Ann}/passkeys")).ShouldBeOk().Json;
        server.GetProperty("passkeys")[0].GetProperty("id").GetString().ShouldBe(id);
        (await app.Installation.Run("user", "passkeys", app.Id, Ann, "--json"))
            .ShouldSucceed()
            .Json.GetRawText()
            .ShouldBe(server.GetRawText());
        (await app.Installation.Run("user", "passkeys", app.Id, Ann)).ShouldSucceed().Output.ShouldContain("never used  Ann's phone");
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var shown = await viewer.Get(await PageOf(app));
        shown.Text("#passkeys").ShouldContain("Ann's phone");
        shown.Text("#passkeys").ShouldContain("1Password, synced to other devices");
        shown.Text("#passkeys").ShouldNotContain("Remove");
    }

    [Fact]
    public async Task Passkeys_of_an_earlier_domain_are_shown_as_not_usable()
    {
        var (app, phone, _) = await WithPasskey();
        phone.Dispose();
        await app.Set("passkeyRpId=example.net");
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.Get(await PageOf(app))).Text("#passkeys").ShouldContain("made for example.org, no longer usable");
        (await app.Installation.Run("user", "passkeys", app.Id, Ann)).Output.ShouldContain("no longer usable");
        (await app.SendAsServer(HttpMethod.Get, $"users/{Ann}/passkeys"))
            .Json.GetProperty("passkeys")[0]
            .GetProperty("usable")
            .GetBoolean()
            .ShouldBeFalse();
    }

    [Fact]
    public async Task The_portal_says_nothing_of_passkeys_where_there_are_none()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.Get(await PageOf(app))).Document.QuerySelector("#passkeys").ShouldBeNull();
        await app.Set("passkeysEnabled=1");
        (await editor.Get(await PageOf(app))).Text("#passkeys").ShouldContain("The user has no passkeys");
    }

    [Fact]
    public async Task A_passkey_is_removed_under_its_own_user_only()
    {
        var (app, phone, id) = await WithPasskey();
        using (phone)
        {
            await app.CreateUser("bob@example.com");
            (await app.SendAsServer(HttpMethod.Delete, $"users/bob@example.com/passkeys/{id}")).ShouldFailWith(718);
            (await app.LoginWithPasskey(phone)).ShouldBeOk();
        }
    }

    private async Task<(App App, SoftAuthenticator Phone, string Id)> WithPasskey()
    {
        var app = await servers.Main.CreateApp(PasskeyFlows.Settings);
        var phone = new SoftAuthenticator
        {
            BackupEligible = true,
            BackedUp = true,
            Aaguid = Guid.Parse("bada5566-a7aa-401f-bd96-45619a55120d"),
        };
        var added = await (await app.CreateUser(Ann)).AddPasskey(phone, "Ann's phone");
        return (app, phone, added.ShouldBeOk().Json.GetProperty("passkey").GetProperty("id").GetString()!);
    }

    private static async Task<string> PageOf(App app) =>
        $"/portal/applications/{app.Id}/users/"
        + await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id AND handle = @Ann", new { app.Id, Ann });
}
