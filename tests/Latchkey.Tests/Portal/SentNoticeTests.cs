using System.Net;

namespace Latchkey.Tests.Portal;

/// <summary>What a page says after it mailed something: green only when a provider is there to send it.</summary>
public sealed class SentNoticeTests(ServerFixture servers)
{
    private const string Warning = ".notice.warn";

    /// <summary>Each form that mails something, with its fields, and what the mail is called.</summary>
    private static readonly (string Path, string Form, (string, string)[] Fields, string Mail)[] Forms =
    [
        (
            "/portal/applications/{app}/users/invitations/new",
            "invitation",
            [("handle", "guest@example.com"), ("locale", "EN")],
            "The invitation"
        ),
        ("/portal/applications/{app}/users/invitations/{invitation}", "resend", [], "A new code"),
        ("/portal/applications/{app}/users/{user}/password", "code", [], "A code for a new password"),
        ("/portal/applications/{app}/users/{user}/password", "set", [], "A mail that tells the user"),
        ("/portal/applications/{app}/members", "invite", [("email", "member@example.com"), ("role", "viewer")], "The invitation"),
        ("/portal/operator/joining", "invite", [("email", "developer@example.com")], "The invitation"),
        ("/portal/account/email", "email", [("email", "new@example.com")], "A link to the new address"),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_form_that_mails_something_says_where_the_mail_is(bool hasProvider)
    {
        (string, string)[] provider =
        [
            ("LATCHKEY_SMTP_HOST", "127.0.0.1"),
            ("LATCHKEY_SMTP_PORT", $"{FreePort.Find()}"),
            ("LATCHKEY_SMTP_FROM", "demo@sender.example"),
        ];
        var server = await servers.StartOn(await servers.NewInstallation(), ["--limits", "off"], hasProvider ? provider : []);
        var app = await server.CreateApp("invitationEnabled=1");
        using var ada = await PortalVisitor.Operator(server);
        await app.Installation.RunWithInput("a-password-of-mine-1", "user", "add", app.Id, "ann@example.com", "--password-stdin");
        foreach (var (path, form, fields, mail) in Forms)
        {
            var shown = await ada.SubmitAndFollow(await Fill(path, app), form, fields);
            shown.Status.ShouldBe(HttpStatusCode.OK, path);
            if (hasProvider)
            {
                shown.Text(".notice").ShouldContain($"{mail} is on its way");
                shown.Text(Warning).ShouldBeEmpty(path);
            }
            else
            {
                shown.Text(Warning).ShouldContain("Nothing was sent, because no mail provider is set up");
                shown.Text(Warning).ShouldContain(mail);
                shown.Document.QuerySelector($"{Warning} a")!.GetAttribute("href")!.ShouldEndWith("/mailbox");
            }
        }
    }

    [Fact]
    public async Task A_password_that_was_forgotten_sends_people_to_the_operator_where_no_provider_is_set()
    {
        var client = new PortalClient(servers.Main);
        var answer = await client.PostAndFollow("/portal/forgot", "forgot", ("email", "nobody@example.com"));
        answer.Text.ShouldContain("Ask the operator for the link");
        answer.Text.ShouldNotContain("Check your mail");
    }

    private static async Task<string> Fill(string path, App app)
    {
        var ids = new Dictionary<string, string>
        {
            ["{app}"] = app.Id,
            ["{user}"] = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id }),
            ["{invitation}"] = await app.Installation.Query<string?>("SELECT id FROM invitations WHERE app_id = @Id", new { app.Id }) ?? "",
        };
        return ids.Aggregate(path, (filled, id) => filled.Replace(id.Key, id.Value, StringComparison.Ordinal));
    }
}
