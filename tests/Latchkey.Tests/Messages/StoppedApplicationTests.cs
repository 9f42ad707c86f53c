using System.Net;

namespace Latchkey.Tests.Messages;

/// <summary>An application that the operator suspended or blocked sends nothing: neither what was queued nor anything new.</summary>
public sealed class StoppedApplicationTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    public static TheoryData<string> Statuses => ["suspended", "blocked"];

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task What_was_queued_waits_until_the_application_is_active_again(string status)
    {
        await using var smtp = new FaultySmtpServer(SmtpBehaviour.Busy);
        var server = await servers.Start("--limits", "off");
        var (app, other) = (await server.CreateApp(smtp.Settings), await server.CreateApp(smtp.Settings));
        (await app.Signup(Ann)).ShouldBeTrue();
        await WaitUntil.IsTrue("an attempt is over", async () => await Messages(app, "answer IS NOT NULL") == 1);
        await app.Set($"status={status}", "--reason", "Phishing");
        smtp.Behaviour = SmtpBehaviour.Normal;
        await app.Installation.Execute("UPDATE message_directory SET next_attempt_at = 0 WHERE app_id = @Id", new { app.Id });

        // Of two lanes that are due, the one that is due longer comes first: ann's would be sent before bob's.
        (await other.Signup("bob@example.com")).ShouldBeTrue();
        await WaitUntil.IsTrue("the other application's mail is sent", () => Task.FromResult(!smtp.AcceptedRecipients.IsEmpty));
        smtp.AcceptedRecipients.ShouldBe(["bob@example.com"]);
        await WaitUntil.IsTrue("it is marked", async () => await Messages(other, "status = 'sent'") == 1);
        (await server.Installation.Run("doctor", "--json")).Output.ShouldContain("None waiting.");

        await app.Set("status=active");
        await WaitUntil.IsTrue("what waited is sent", () => Task.FromResult(smtp.AcceptedRecipients.Contains(Ann)));
    }

    /// <summary>Each way by which people make an application send something while its app-user API is closed.</summary>
    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Every_way_to_make_a_message_is_refused_with_the_reason(string status)
    {
        var app = await (await servers.Unlimited()).CreateApp("invitationEnabled=1");
        using var ada = await PortalVisitor.Operator(app.Server, $"{status}@operators.example");
        (await app.Installation.RunWithInput("a-password-of-mine-1", "user", "add", app.Id, Ann, "--password-stdin")).ShouldSucceed();
        (
            await ada.Submit(Of(app, "/users/invitations/new"), "invitation", ("handle", "guest@example.com"), ("locale", "EN"))
        ).Status.ShouldBe(HttpStatusCode.SeeOther);
        var user = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        var invitation = await app.Installation.Query<string>("SELECT id FROM invitations WHERE app_id = @Id", new { app.Id });
        await app.Set($"status={status}", "--reason", "Phishing");
        var before = await Messages(app);

        (string Path, string Form, (string, string)[] Fields)[] ways =
        [
            ("/users/invitations/new", "invitation", [("handle", "other@example.com"), ("locale", "EN")]),
            ($"/users/invitations/{invitation}", "resend", []),
            ($"/users/{user}/password", "code", []),
            ("/templates/EN/signUp", "template", [("do", "test"), ("to", "me@example.com"), ("html", "<p>%CODE%</p>")]),
            ("/settings/messages", "test-email", [("to", "me@example.com")]),
        ];
        foreach (var (path, form, fields) in ways)
        {
            var shown = await ada.SubmitAndFollow(Of(app, path), form, fields);
            (path + shown.Text("main")).ShouldContain(Reason(status));
        }

        (await app.Signup("new@example.com")).ShouldFailWith(402);
        (await app.ForgotPassword(Ann)).ShouldFailWith(402);
        (await ada.SubmitAndFollow(Of(app, $"/users/{user}/password"), "set")).Status.ShouldBe(HttpStatusCode.OK);
        (await Messages(app)).ShouldBe(before);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM invitations WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
    }

    private static string Reason(string status) =>
        $"The operator of this installation has {status} the application, so it sends no messages.";

    private static string Of(App app, string path) => $"/portal/applications/{app.Id}{path}";

    private static Task<long> Messages(App app, string condition = "1 = 1") =>
        app.Installation.Query<long>($"SELECT COUNT(*) FROM messages WHERE app_id = @Id AND {condition}", new { app.Id });
}
