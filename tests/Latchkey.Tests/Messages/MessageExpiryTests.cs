using Dapper;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Tests.Messages;

/// <summary>A message with a code is worth nothing after its time: tried often before, not sent after, and marked.</summary>
public sealed class MessageExpiryTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Messages_with_a_code_or_a_link_end_with_it_and_others_do_not()
    {
        var server = await servers.Unlimited();
        var app = await server.CreateApp("twoFactorVerification=phone");
        var ann = await app.CreateUserByCode(Ann);
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        (await ann.Invite("una@example.com")).ShouldBeTrue();
        await ann.VerifyPhone("+14155550101");
        (await EndWith(app, MessageKind.SignUp, "signups", "handle = recipient")).ShouldBe(1);
        (await EndWith(app, MessageKind.ResetPassword, "user_codes", "purpose = 'reset'")).ShouldBe(1);
        (await EndWith(app, MessageKind.Sms, "user_codes", "purpose = 'phone'")).ShouldBe(1);
        (await EndWith(app, MessageKind.Invite, "invitations", "handle = recipient")).ShouldBe(1);
        (await Endless(app)).ShouldBe("phoneChanged signUpSuccess");
        var link = await server.CreateApp("signupFlow=link");
        (await link.Signup("una@example.com")).ShouldBeTrue();
        (await EndWith(link, MessageKind.SignUpLink, "signups", "handle = recipient")).ShouldBe(1);
    }

    [Fact]
    public async Task What_could_not_be_sent_in_time_is_not_sent_and_is_marked()
    {
        await using var smtp = new FaultySmtpServer(SmtpBehaviour.Busy);
        var app = await (await servers.Start("--limits", "off")).CreateApp(smtp.Settings);
        (await app.Signup(Ann)).ShouldBeTrue();
        await WaitUntil.IsTrue("an attempt is over", async () => (await Row(app)).Answer is not null);
        smtp.Behaviour = SmtpBehaviour.Normal;
        await app.Installation.Execute(
            "UPDATE messages SET expires_at = 1 WHERE app_id = @Id; UPDATE message_directory SET next_attempt_at = 0 WHERE app_id = @Id",
            new { app.Id }
        );
        var row = await WaitUntil.IsNotNull(
            "it is given up",
            async () => await Row(app) is { Status: not "pending" } settled ? settled : null
        );
        (row.Status, row.Attempts, row.Answer, row.BodySealed).ShouldBe(("expired", 1, FaultySmtpServer.BusyReply, null));
        smtp.AcceptedRecipients.ShouldBeEmpty();

        using var ada = await PortalVisitor.Member(app, "viewer");
        var page = await ada.Get($"/portal/applications/{app.Id}/logs/messages?status=expired");
        page.Text("table").ShouldContain("expired");
        page.Text("table").ShouldContain(Ann);
    }

    [Fact]
    public async Task A_code_of_ten_minutes_is_tried_every_half_minute_to_its_end()
    {
        await using var smtp = new FaultySmtpServer(SmtpBehaviour.Busy);
        var app = await (await servers.Start("--limits", "off")).CreateApp(smtp.Settings);
        (await app.Signup(Ann)).ShouldBeTrue();
        await WaitUntil.IsTrue("an attempt is over", async () => (await Row(app)).Answer is not null);

        // As if it were a code of ten minutes that has had eleven attempts
        var (now, end) = (AppFlows.FromNow(0), AppFlows.FromNow(540));
        await Retry(app, "attempts = 11, created_at = @end - 600000, expires_at = @end", end);
        var later = await WaitUntil.IsNotNull("attempt 12 is over", async () => await Row(app) is { Answer: not null } row ? row : null);
        (later.Status, later.Attempts).ShouldBe(("pending", 12));
        later.NextAttemptAt.ShouldBeInRange(now, AppFlows.FromNow(0) + 30_000);

        // At its end nothing is put off beyond it
        await Retry(app, "expires_at = @end, created_at = @end - 12000000", AppFlows.FromNow(300));
        var last = await WaitUntil.IsNotNull("attempt 13 is over", async () => await Row(app) is { Answer: not null } row ? row : null);
        last.NextAttemptAt.ShouldBe(last.ExpiresAt!.Value);
    }

    private static Task Retry(App app, string change, long end) =>
        app.Installation.Execute(
            $"UPDATE messages SET answer = NULL, {change} WHERE app_id = @Id; UPDATE message_directory SET next_attempt_at = 0 WHERE app_id = @Id",
            new { app.Id, end }
        );

    private static Task<MessageRow> Row(App app) =>
        app.Installation.Query<MessageRow>(
            "SELECT m.status, m.attempts, m.answer, m.body_sealed, d.next_attempt_at, m.expires_at FROM messages m "
                + "LEFT JOIN message_directory d ON d.id = m.id WHERE m.app_id = @Id",
            new { app.Id }
        );

    /// <summary>How many messages of a kind end when what they carry does, as its table has it.</summary>
    private static Task<long> EndWith(App app, string kind, string table, string which) =>
        app.Installation.Query<long>(
            $"SELECT COUNT(*) FROM messages m JOIN {table} c ON c.app_id = m.app_id AND c.expires_at = m.expires_at "
                + "WHERE m.app_id = @Id AND m.kind = @kind AND c."
                + which,
            new { app.Id, kind }
        );

    private static async Task<string> Endless(App app) =>
        string.Join(
            ' ',
            await (await app.Installation.Get<Database>()).Read(db =>
                db.QueryAsync<string>("SELECT kind FROM messages WHERE app_id = @Id AND expires_at IS NULL ORDER BY kind", new { app.Id })
            )
        );
}
