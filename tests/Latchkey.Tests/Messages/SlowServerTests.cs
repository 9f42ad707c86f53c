using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Messages.Mail;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;
using Latchkey.Tests.Messages.Smtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Tests.Messages;

/// <summary>A mail server that takes minutes gets each mail once, and keeps nobody else waiting.</summary>
public sealed class SlowServerTests(ServerFixture servers)
{
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task A_mail_is_not_sent_again_while_its_server_thinks()
    {
        var hold = new TaskCompletionSource();
        await using var slow = new ScriptedSmtpServer { HeldUntil = hold.Task };
        await using var installation = await TestInstallation.Create(servers.Cluster);
        var id = await PutMail(installation, slow);
        using var worker = await Worker(installation);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await WaitUntil.IsTrue(
            "the mail is there",
            () => Task.FromResult(slow.Mails == 1 && clock.HasTimerDueIn(TimeSpan.FromMinutes(10)))
        );
        for (var minute = 1; minute <= 9; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            var renewed = clock.GetUtcNow().AddMinutes(2).ToUnixTimeMilliseconds();
            await WaitUntil.IsTrue("the lease is renewed", async () => (await Find(installation, id)).NextAttemptAt >= renewed);
        }

        hold.SetResult();
        await WaitUntil.IsTrue("it is sent", async () => (await Find(installation, id)).Status == MessageStatus.Sent);
        (slow.Mails, (await Find(installation, id)).Attempts).ShouldBe((1, 1));
        await worker.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Work_that_takes_long_leaves_its_place_to_others()
    {
        var (hold, limiter) = (new TaskCompletionSource(), new KeyedConcurrencyLimiter(2, 2, 3, TimeSpan.FromSeconds(30), clock));
        limiter.Start("one", () => hold.Task);
        limiter.Start("one", () => hold.Task);
        await WaitUntil.IsTrue("both have begun", () => Task.FromResult(clock.HasTimerDueIn(TimeSpan.FromSeconds(30))));
        (limiter.Available, limiter.AvailableFor("one"), limiter.AvailableFor("other")).ShouldBe((0, 0, 2));
        await WaitUntil.IsTrue("both are slow", () => Advance(limiter, available: 1)); // of three that may be slow, two are
        limiter.AvailableFor("one").ShouldBe(0);
        limiter.Start("other", () => hold.Task);
        limiter.Available.ShouldBe(1);
        await WaitUntil.IsTrue("all are slow", () => Advance(limiter, available: 0));
        hold.SetResult();
        await limiter.WhenIdle();
        (limiter.Available, limiter.AvailableFor("one")).ShouldBe((2, 2));
    }

    private Task<bool> Advance(KeyedConcurrencyLimiter limiter, int available)
    {
        clock.Advance(TimeSpan.FromSeconds(30));
        return Task.FromResult(limiter.Available == available);
    }

    private static async Task<string> PutMail(TestInstallation installation, ScriptedSmtpServer smtp)
    {
        var made = (
            await installation.Run(["app", "create", "--name", "Demo", "--algorithm", "ES256", "--json", .. smtp.Settings])
        ).ShouldSucceed();
        var application = (await (await installation.Get<ApplicationCache>()).Find(made.Json.GetProperty("appId").GetString()!))!;
        var row = (await installation.Get<MessageOutbox>()).CreateRow(
            application,
            "ann@example.com",
            MessageKind.SignUpSuccess,
            new MessageBody("Subject", "text", "<p>html</p>", null, null)
        );
        var store = await installation.Get<MessageStore>();
        await (await installation.Get<Database>()).Write(db => store.Insert(db, row with { NextAttemptAt = 0 }));
        return row.Id;
    }

    private static Task<MessageRow> Find(TestInstallation installation, string id) =>
        installation.Query<MessageRow>(
            "SELECT m.status, m.attempts, d.next_attempt_at FROM messages m LEFT JOIN message_directory d ON d.id = m.id WHERE m.id = @id",
            new { id }
        );

    private async Task<OutboxWorker> Worker(TestInstallation installation)
    {
        var (database, outbox, store) = (
            await installation.Get<Database>(),
            await installation.Get<MessageOutbox>(),
            await installation.Get<MessageStore>()
        );
        var senders = new MessageSenders(
            new SmtpSender(await installation.Get<OutboundConnections>(), new HeloName(new InstallationSettings()), clock),
            await installation.Get<SendGridSender>(),
            await installation.Get<TwilioSender>(),
            await installation.Get<WebhookSender>()
        );
        var dispatcher = new MessageDispatcher(
            database,
            outbox,
            store,
            await installation.Get<ApplicationCache>(),
            await installation.Get<MessageProviders>(),
            senders,
            clock,
            NullLogger<MessageDispatcher>.Instance
        );
        var start = new ServerStart();
        start.Complete();
        return new OutboxWorker(
            database,
            outbox,
            store,
            dispatcher,
            new WorkerHealth(clock),
            start,
            clock,
            NullLogger<OutboxWorker>.Instance
        );
    }
}
