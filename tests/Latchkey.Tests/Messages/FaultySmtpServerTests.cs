using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Tests.Messages;

/// <summary>An application's mail server is silent, slow or busy: its users do not wait for it, and nobody else's mail does.</summary>
public sealed class FaultySmtpServerTests(ServerFixture servers)
{
    [Fact]
    public async Task A_silent_one_keeps_neither_signups_nor_other_applications_mail_waiting()
    {
        await using var silent = new FaultySmtpServer(SmtpBehaviour.Silent);
        await using var good = new FaultySmtpServer(SmtpBehaviour.Normal);
        var server = await Start();
        var sick = await server.CreateApp(silent.Settings);
        var healthy = await server.CreateApp(good.Settings);
        var (signups, delays) = (new Latencies(), new Latencies());
        for (var i = 0; i < TestScale.Size(20, 300); i++)
        {
            (
                await signups.Time(() => sick.PostWithoutRetry("signup", new { handle = $"sick{i}@example.com", password = App.Password }))
            ).ShouldBeTrue();
            if (i == 0)
            {
                silent.AbandonedConnections.ShouldBe(0, "no signup waits until its mail server is given up");
            }
        }

        for (var i = 0; i < TestScale.Size(10, 50); i++)
        {
            var handle = $"well{i}@example.com";
            (await healthy.Signup(handle)).ShouldBeTrue();
            await delays.Time(async () =>
            {
                await WaitUntil.IsTrue($"{handle} has mail", () => Task.FromResult(good.AcceptedRecipients.Contains(handle)));
                return 0;
            });
        }

        if (TestScale.IsLong)
        {
            signups.P99.ShouldBeLessThan(300);
        }

        silent.Connections.ShouldBePositive();
        silent.MaxConcurrentConnections.ShouldBeLessThanOrEqualTo(4);
        TestScale.RecordFigure(51, $"mail server silent: signups {signups}; another application's mail arrives after {delays}");
    }

    [Fact]
    public async Task A_busy_one_is_asked_again_with_longer_pauses_and_its_words_are_logged()
    {
        await using var smtp = new FaultySmtpServer(SmtpBehaviour.Busy);
        var app = await (await Start()).CreateApp(smtp.Settings);
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        var pauses = new List<long>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var row = await WaitUntil.IsNotNull(
                $"attempt {attempt} is over",
                async () => await Row(app) is { Answer: not null } row && row.Attempts == attempt ? row : null
            );
            (row.Status, row.Answer).ShouldBe(("pending", FaultySmtpServer.BusyReply));
            pauses.Add(row.NextAttemptAt - AppFlows.FromNow(0));
            smtp.Behaviour = attempt == 3 ? SmtpBehaviour.Normal : SmtpBehaviour.Busy;
            // The pause is over
            await app.Installation.Execute(
                "UPDATE messages SET answer = NULL WHERE app_id = @Id; UPDATE message_directory SET next_attempt_at = 0 WHERE app_id = @Id",
                new { app.Id }
            );
        }

        pauses.Zip(pauses.Skip(1)).ShouldAllBe(pair => pair.Second > pair.First + 5_000);
        var sent = await WaitUntil.IsNotNull("it is sent", async () => await Row(app) is { Status: "sent" } row ? row : null);
        (sent.Attempts, sent.Answer).ShouldBe((4, FaultySmtpServer.AcceptedReply));
        smtp.AcceptedRecipients.ShouldBe(["ann@example.com"]);
        TestScale.RecordFigure(51, $"421: pauses of {string.Join(", ", pauses.Select(pause => $"{pause / 1000} s"))}, then sent");
    }

    [Fact]
    public async Task A_slow_one_gets_its_mails_a_few_at_a_time_and_each_once()
    {
        await using var smtp = new FaultySmtpServer(SmtpBehaviour.Slow);
        var app = await (await Start()).CreateApp(smtp.Settings);
        var handles = Enumerable.Range(0, TestScale.Size(8, 100)).Select(i => $"ann{i}@example.com").ToList();
        foreach (var handle in handles)
        {
            (await app.Signup(handle)).ShouldBeTrue();
        }

        await WaitUntil.IsTrue(
            "all are sent",
            async () =>
                await app.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @Id AND status <> 'sent'", new { app.Id })
                == 0,
            TimeSpan.FromMinutes(2)
        );
        smtp.AcceptedRecipients.Order().ShouldBe(handles.Order());
    }

    [Fact]
    public async Task A_backlog_of_one_application_does_not_go_before_anothers_mail()
    {
        await using var slow = new FaultySmtpServer(SmtpBehaviour.Slow);
        await using var good = new FaultySmtpServer(SmtpBehaviour.Normal);
        var server = await Start();
        var (full, other) = (await server.CreateApp(slow.Settings), await server.CreateApp(good.Settings));
        (await full.Signup("first@example.com")).ShouldBeTrue();
        await WaitUntil.IsTrue("the first is sent", () => Task.FromResult(!slow.AcceptedRecipients.IsEmpty));
        slow.Behaviour = SmtpBehaviour.Silent;
        await PutIn(full, 500);
        (await other.Signup("ann@example.com")).ShouldBeTrue();
        await WaitUntil.IsTrue("the other's mail arrives", () => Task.FromResult(good.AcceptedRecipients.Contains("ann@example.com")));
        (
            await full.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @Id AND attempts = 0", new { full.Id })
        ).ShouldBePositive();
    }

    [Fact]
    public async Task A_silent_one_does_not_keep_the_server_from_stopping()
    {
        await using var silent = new FaultySmtpServer(SmtpBehaviour.Silent);
        var server = await Start();
        var app = await server.CreateApp(silent.Settings);
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        await WaitUntil.IsTrue("an attempt is under way", () => Task.FromResult(silent.Connections == 1));
        (await server.Stop()).ShouldBe(0);
        (await app.Installation.Query<string>("SELECT status FROM messages WHERE app_id = @Id", new { app.Id })).ShouldBe("pending");
    }

    /// <summary>Mails that all wait before any that comes now.</summary>
    private static async Task PutIn(App app, int mails)
    {
        var application = (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id))!;
        var (store, outbox) = (await app.Installation.Get<MessageStore>(), await app.Installation.Get<MessageOutbox>());
        await (await app.Installation.Get<Database>()).Write(async db =>
        {
            for (var i = 0; i < mails; i++)
            {
                await store.Insert(
                    db,
                    outbox.CreateRow(
                        application,
                        $"backlog{i}@example.com",
                        MessageKind.SignUp,
                        new MessageBody("Subject", "text", "<p>html</p>", null, null)
                    ) with
                    {
                        NextAttemptAt = 0,
                    }
                );
            }
        });
    }

    private Task<ServerProcess> Start() => servers.Start("--limits", "off");

    private static Task<MessageRow> Row(App app) =>
        app.Installation.Query<MessageRow>(
            "SELECT m.status, m.attempts, m.answer, d.next_attempt_at FROM messages m LEFT JOIN message_directory d ON d.id = m.id "
                + "WHERE m.app_id = @Id",
            new { app.Id }
        );
}
