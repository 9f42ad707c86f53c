using System.Net;
using Latchkey.Accounts;

namespace Latchkey.Tests.Portal;

/// <summary>A form that is wrong in several places says so in all of them at once.</summary>
public sealed class FormErrorTests(ServerFixture servers)
{
    private const string TooLong =
        "A name of more than a hundred characters. A name of more than a hundred characters. A name of more than a";

    /// <summary>Forms of an application: where, which, what is typed, and the fields that are wrong.</summary>
    private static readonly (string Path, string Form, string Typed, string Wrong)[] OwnerForms =
    [
        ("/portal/applications/new", "create", "name=&type=forged&jwtEnabled=maybe", "name type jwtEnabled"),
        ("{app}/settings/metadata/fields/metaData", "field", "path=a b&fieldName=c d&canEdit=1&required=0", "path fieldName"),
        (
            "{app}/settings/limits",
            "settings",
            "maxLoginAttempts=x&maxUsers=999999&callsPerSecond=999999&messagesPerHour=999999&anonymousUsersPerHour=9&anonymousRetentionDays=-1",
            "maxLoginAttempts maxUsers callsPerSecond messagesPerHour anonymousRetentionDays"
        ),
        (
            "{app}/users/new",
            "user",
            "handle=no address&password=short&locale=XX&field:user_data.name=",
            "handle password locale field:user_data.name"
        ),
        ("{app}/users/new", "user", "handle=ann@example.com&password=short&locale=EN", "handle password field:user_data.name"),
        (
            "{app}/users/invitations/new",
            "invitation",
            $"handle=ann@example.com&sender={TooLong}{TooLong}{TooLong}&locale=XX",
            "handle sender locale"
        ),
        ("{app}/members", "invite", "email=no address&role=forged", "email role"),
        ("{app}/realm", "configure", "publicKey=&privateKey=&projectId=x", "publicKey privateKey projectId"),
        (
            "{app}/storage",
            "save",
            "enabled=1&endpoint=x&region=A&bucket=&keyId=&secret=a b&prefix=..&contentTypes=x&maxMegabytes=0&linkHours=999&userMegabytes=x&appMegabytes=",
            "endpoint region bucket keyId secret prefix contentTypes maxMegabytes linkHours userMegabytes appMegabytes"
        ),
        ("/portal/account/email", "email", "email=no address", "email"),
        ("/portal/account/password", "password", "password=short", "password"),
    ];

    [Fact]
    public async Task Every_form_of_an_owner_marks_all_fields_that_are_wrong()
    {
        var server = await servers.Start("--limits", "off");
        await server.Installation.Run("limits", "set", "development", "maxUsers=10", "callsPerSecond=10", "messagesPerHour=10");
        var app = await server.CreateApp(
            "invitationEnabled=1",
            "maxUsers=10",
            "callsPerSecond=10",
            "messagesPerHour=10",
            """metaData=[{"path":"user_data.name","fieldName":"name","required":1}]"""
        );
        await app.Installation.RunWithInput(
            "a-password-of-mine-1",
            "user",
            "add",
            app.Id,
            "ann@example.com",
            "--password-stdin",
            "--metadata",
            """{"user_data":{"name":"Ann"}}"""
        );
        using var owner = await PortalVisitor.Member(app, "owner");
        foreach (var (path, form, typed, wrong) in OwnerForms)
        {
            var page = path.Replace("{app}", $"/portal/applications/{app.Id}", StringComparison.Ordinal);
            var shown = await owner.Submit(page, form, Fields(typed));
            shown.Status.ShouldBe(HttpStatusCode.OK, page);
            WrongFields(shown).ShouldBe(wrong.Split(' '), ignoreOrder: true, customMessage: $"{page} {typed}");
        }
    }

    [Fact]
    public async Task The_set_up_page_marks_all_three_fields()
    {
        var server = await servers.Start();
        var token = await (await server.Installation.Get<DeveloperAccounts>()).CreateSetupToken();
        var page = $"/portal/setup?token={token}";
        using var visitor = PortalVisitor.Anonymous(server);
        WrongFields(await visitor.Submit(page, "setup", ("name", ""), ("email", "no address"), ("password", "short")))
            .ShouldBe(["name", "email", "password"], ignoreOrder: true);
        (
            await visitor.Submit(page, "setup", ("name", "Ada"), ("email", "ada@example.com"), ("password", PortalAccount.Password))
        ).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task New_accounts_by_invitation_and_by_signing_up_mark_both_fields()
    {
        var server = await servers.Start("--limits", "off");
        using var ada = await PortalVisitor.Operator(server);
        await ada.Submit("/portal/operator/joining", "invite", ("email", "guest@example.com"));
        await ada.Submit("/portal/operator/joining", "mode", ("mode", "open"));
        using var visitor = PortalVisitor.Anonymous(server);
        await visitor.Submit("/portal/sign-up", "sign-up", ("email", "new@example.com"));
        foreach (var address in new[] { "guest@example.com", "new@example.com" })
        {
            var link = await PortalAccount.LastLinkTo(server, address);
            WrongFields(await visitor.Submit(link, "account", ("name", ""), ("password", "short"))).ShouldBe(["name", "password"]);
        }
    }

    [Fact]
    public async Task An_answer_without_a_decision_marks_a_message_that_is_too_long_as_well()
    {
        var app = await servers.Main.CreateApp();
        await app.Set("status=suspended");
        using var owner = await PortalVisitor.Member(app, "owner");
        await owner.Submit($"/portal/applications/{app.Id}/petition", "petition", ("words", "It was a mistake."));
        using var ada = await PortalVisitor.Operator(servers.Main, $"ada-{app.Id[..8]}@operators.example");
        var petition = (await ada.Get($"/portal/operator/applications/{app.Id}"))
            .Document.QuerySelector("a[href*=petitions]:not(nav a)")!
            .GetAttribute("href")!;
        var shown = await ada.Submit(petition, "answer", ("words", new string('x', 501)));
        shown.Document.QuerySelectorAll(".error").Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_document_of_metadata_names_everything_that_is_wrong_with_it()
    {
        var app = await servers.Main.CreateApp(
            "signupFlow=none",
            """metaData=[{"path":"user_data.name","fieldName":"name","required":1},{"path":"user_data.city","fieldName":"city"}]"""
        );
        (
            await app.Post(
                "signup",
                new
                {
                    handle = "ann@example.com",
                    password = App.Password,
                    metaData = """{"user_data":{"name":"Ann"}}""",
                }
            )
        ).ShouldBeOk();
        var user = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        using var editor = await PortalVisitor.Member(app, "editor");
        var shown = await editor.Submit(
            $"/portal/applications/{app.Id}/users/{user}",
            "metadata-json",
            ("json", """{"user_data":{"city":7},"shoe":"44"}""")
        );
        var error = shown.Text("#field-json-error");
        error.ShouldContain("shoe is not a field");
        error.ShouldContain("user_data.name is required");
        error.ShouldContain("user_data.city is not text");
    }

    [Fact]
    public async Task A_filter_of_the_log_names_everything_that_is_wrong_with_it()
    {
        var app = await servers.Main.CreateApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var logs = $"/portal/applications/{app.Id}/logs";
        var calls = (await viewer.Get($"{logs}?from=yesterday&result=odd&code=x")).Text("[role=alert]");
        calls.ShouldContain("Enter a date");
        calls.ShouldContain("done or refused");
        calls.ShouldContain("must be a number");
        var messages = (await viewer.Get($"{logs}/messages?from=yesterday&status=odd")).Text("[role=alert]");
        messages.ShouldContain("Enter a date");
        messages.ShouldContain("from the lists");
    }

    /// <summary>The names of the fields that have an error beside them.</summary>
    private static List<string> WrongFields(PortalResponse page) =>
        [
            .. page
                .Document.QuerySelectorAll(".error")
                .Select(error => error.Closest(".field, .toggle, fieldset")!)
                .Select(field => field.QuerySelector("input[name], select[name], textarea[name]")!.GetAttribute("name")!),
        ];

    private static (string, string)[] Fields(string typed) =>
        [.. typed.Split('&').Select(field => field.Split('=', 2)).Select(pair => (pair[0], pair[1]))];
}
