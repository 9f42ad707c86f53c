using Latchkey.Applications;

namespace Latchkey.Tests.Portal.Applications;

/// <summary>A provider's password is never shown again, and is not given to whatever server an editor names next.</summary>
public sealed class ProviderSecretTests(ServerFixture servers)
{
    private static readonly string[] OwnSmtp =
    [
        "smtpHost=post.example.com",
        "smtpUser=demo",
        "smtpPassword=a secret",
        "twilioAccountSid=AC1",
        "twilioAuthToken=another secret",
    ];

    [Theory]
    [InlineData("smtpPassword", "smtpHost", "mallory.example")]
    [InlineData("smtpPassword", "smtpSecurity", "none")]
    [InlineData("twilioAuthToken", "twilioAccountSid", "AC2")]
    public async Task Are_dropped_when_what_they_were_given_for_changes_and_the_page_says_so(string secret, string setting, string value)
    {
        var app = await servers.Main.CreateApp(OwnSmtp);
        using var editor = await PortalVisitor.Member(app, "editor");
        var saved = await editor.Submit(Page(app), "settings", (setting, value), (secret, ""));
        saved.Location.ShouldBe($"{Page(app)}?saved={setting}&dropped={secret}#set-{setting}");
        (await Shown(app, setting)).ShouldBe(value);
        (await Shown(app, secret)).ShouldBeEmpty();
        (await editor.Get(saved.Location)).Text(".notice.bad").ShouldContain("was deleted. Enter it again");
        (
            await app.Installation.Query<string>(
                "SELECT detail FROM audit WHERE app_id = @Id AND action = 'changeSettings'",
                new { app.Id }
            )
        ).ShouldContain($"{secret} removed");

        var again = await editor.Submit(Page(app), "settings", (secret, "typed again"));
        again.Location.ShouldBe($"{Page(app)}?saved={secret}#set-{secret}");
        (await editor.Get(saved.Location)).Text(".notice.bad").ShouldBeEmpty();
        (await Shown(app, secret)).ShouldBe("(set)");
    }

    [Fact]
    public async Task Stay_while_something_else_changes_and_when_they_come_along()
    {
        var app = await servers.Main.CreateApp(OwnSmtp);
        using var editor = await PortalVisitor.Member(app, "editor");
        var sealedFirst = await Sealed(app);
        (await editor.Submit(Page(app), "settings", ("mailFrom", "demo@example.com"), ("smtpPassword", ""))).Location.ShouldBe(
            $"{Page(app)}?saved=mailFrom#set-mailFrom"
        );
        (await Sealed(app)).ShouldBe(sealedFirst);
        (await editor.Submit(Page(app), "settings", ("smtpHost", "mail.example.com"), ("smtpPassword", "a new secret"))).Location.ShouldBe(
            $"{Page(app)}?saved=smtpHost,smtpPassword#set-smtpHost"
        );
        (await Shown(app, "smtpPassword")).ShouldBe("(set)");
        (await Sealed(app)).ShouldNotBe(sealedFirst);
    }

    [Fact]
    public async Task A_mail_servers_token_is_one_too_and_TLS_from_the_start_can_be_chosen()
    {
        var app = await servers.Main.CreateApp("smtpHost=post.example.com", "smtpUser=demo", "smtpToken=a token");
        (await Shown(app, "smtpToken")).ShouldBe("(set)");
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.Submit(Page(app), "settings", ("smtpSecurity", "tls"), ("smtpPort", "465"), ("smtpToken", ""))).Location.ShouldBe(
            $"{Page(app)}?saved=smtpPort,smtpSecurity&dropped=smtpToken#set-smtpPort"
        );
        (await Shown(app, "smtpSecurity")).ShouldBe("tls");
        (await Shown(app, "smtpToken")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Are_dropped_by_the_command_line_too_which_says_so()
    {
        var app = await servers.Main.CreateApp(OwnSmtp);
        (await app.Installation.Run("app", "set", app.Id, "smtpHost=post.example.com", "mailFrom=demo@example.com"))
            .ShouldSucceed()
            .Output.ShouldBeEmpty();
        foreach (var change in new[] { "smtpHost=mallory.example", "smtpPort=2525", "smtpUser=mallory" })
        {
            (await app.Installation.Run("app", "set", app.Id, change))
                .ShouldSucceed()
                .Output.ShouldStartWith("smtpPassword belonged to the previous smtpHost, ");
            (await Shown(app, "smtpPassword")).ShouldBeEmpty();
            (await app.Installation.Run("app", "set", app.Id, $"{change}1", "smtpPassword=a new secret"))
                .ShouldSucceed()
                .Output.ShouldBeEmpty();
            (await Shown(app, "smtpPassword")).ShouldBe("(set)");
        }

        (await Shown(app, "twilioAuthToken")).ShouldBe("(set)");
    }

    private static string Page(App app) => $"/portal/applications/{app.Id}/settings/messages";

    private static async Task<string> Shown(App app, string setting) =>
        (await app.Installation.Run("app", "show", app.Id, "--json")).ShouldSucceed().Json.GetProperty(setting).ToString();

    private static async Task<string> Sealed(App app) =>
        ApplicationRules.SettingsOf((await (await app.Installation.Get<ApplicationRules>()).Find(app.Id))!).SmtpPassword;
}
