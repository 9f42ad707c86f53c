using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Tests.Messages;

/// <summary>An application's mail server is silent, slow or busy: its users do not wait for it, and nobody else's mail does.</summary>
public sealed class SickMailServers(Servers servers)
{
    [Fact]
    public async Task A_silent_one_keeps_neither_signups_nor_other_applications_mail_waiting()
    {
        await using var silent = new MoodySmtp(Mood.Silent);
        await using var good = new MoodySmtp(Mood.Well);
        var server = await Start();
        var sick = await server.CreateApp(silent.Settings);
        var healthy = await server.CreateApp(good.Settings);
        var (signups, delays) = (new Latencies(), new Latencies());
        for (var i = 0; i < Drill.Size(20, 300); i++)
        {
            (await signups.Time(() => sick.PostOnce("signup", new { handle = $"sick{i}@example.com", password = App.Password }))).ShouldBeTrue();
            if (i == 0)
            {
                silent.GivenUp.ShouldBe(0, "no signup waits until its mail server is given up");
            }
        }

        for (var i = 0; i < Drill.Size(10, 50); i++)
        {
            var handle = $"well{i}@example.com";
            (await healthy.Signup(handle)).ShouldBeTrue();
            await delays.Time(async () =>
            {
                await Until.IsTrue($"{handle} has mail", () => Task.FromResult(good.Taken.Contains(handle)));
                return 0;
            });
        }

        silent.Connections.ShouldBePositive();
        silent.MostAtOnce.ShouldBeLessThanOrEqualTo(4);
        Drill.Measured(51, $"mail server silent: signups {signups}; another application's mail arrives after {delays}");
    }

    [Fact]
    public async Task A_busy_one_is_asked_again_with_longer_pauses_and_its_words_are_logged()
    {
        await using var smtp = new MoodySmtp(Mood.Busy);
        var app = await (await Start()).CreateApp(smtp.Settings);
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        var pauses = new List<long>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var row = await Until.IsThere($"attempt {attempt} is over", async () => await Row(app) is { Answer: not null } row && row.Attempts == attempt ? row : null);
            (row.Status, row.Answer).ShouldBe(("pending", MoodySmtp.BusyReply));
            pauses.Add(row.NextAttemptAt - AppFlows.FromNow(0));
            smtp.Mood = attempt == 3 ? Mood.Well : Mood.Busy;
            await app.Installation.Execute("UPDATE messages SET next_attempt_at = 0, answer = NULL WHERE app_id = @Id", new { app.Id }); // the pause is over
        }

        pauses.Zip(pauses.Skip(1)).ShouldAllBe(pair => pair.Second > pair.First + 5_000);
        var sent = await Until.IsThere("it is sent", async () => await Row(app) is { Status: "sent" } row ? row : null);
        (sent.Attempts, sent.Answer).ShouldBe((4, MoodySmtp.TakenReply));
        smtp.Taken.ShouldBe(["ann@example.com"]);
        Drill.Measured(51, $"421: pauses of {string.Join(", ", pauses.Select(pause => $"{pause / 1000} s"))}, then sent");
    }

    [Fact]
    public async Task A_slow_one_gets_its_mails_a_few_at_a_time_and_each_once()
    {
        await using var smtp = new MoodySmtp(Mood.Slow);
        var app = await (await Start()).CreateApp(smtp.Settings);
        var handles = Enumerable.Range(0, Drill.Size(8, 100)).Select(i => $"ann{i}@example.com").ToList();
        foreach (var handle in handles)
        {
            (await app.Signup(handle)).ShouldBeTrue();
        }

        await Until.IsTrue("all are sent", async () => await app.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @Id AND status <> 'sent'", new { app.Id }) == 0, TimeSpan.FromMinutes(2));
        smtp.Taken.Order().ShouldBe(handles.Order());
    }

    [Fact]
    public async Task A_backlog_of_one_application_does_not_go_before_anothers_mail()
    {
        await using var slow = new MoodySmtp(Mood.Slow);
        await using var good = new MoodySmtp(Mood.Well);
        var server = await Start();
        var (full, other) = (await server.CreateApp(slow.Settings), await server.CreateApp(good.Settings));
        (await full.Signup("first@example.com")).ShouldBeTrue();
        await Until.IsTrue("the first is sent", () => Task.FromResult(!slow.Taken.IsEmpty));
        slow.Mood = Mood.Silent;
        await PutIn(full, 500);
        (await other.Signup("ann@example.com")).ShouldBeTrue();
        await Until.IsTrue("the other's mail arrives", () => Task.FromResult(good.Taken.Contains("ann@example.com")));
        (await full.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE app_id = @Id AND attempts = 0", new { full.Id })).ShouldBePositive();
    }

    [Fact]
    public async Task A_silent_one_does_not_keep_the_server_from_stopping()
    {
        await using var silent = new MoodySmtp(Mood.Silent);
        var server = await Start();
        var app = await server.CreateApp(silent.Settings);
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        await Until.IsTrue("an attempt is under way", () => Task.FromResult(silent.Connections == 1));
        (await server.Stop()).ShouldBe(0);
        (await app.Installation.Query<string>("SELECT status FROM messages WHERE app_id = @Id", new { app.Id })).ShouldBe("pending");
    }

    /// <summary>Mails that all wait before any that comes now.</summary>
    private static async Task PutIn(App app, int mails)
    {
        var application = (await (await app.Installation.Get<ApplicationDirectory>()).Find(app.Id))!;
        var (store, outbox) = (await app.Installation.Get<MessageStore>(), await app.Installation.Get<MessageOutbox>());
        await (await app.Installation.Get<Database>()).Write(async db =>
        {
            for (var i = 0; i < mails; i++)
            {
                await store.Insert(db, outbox.Row(application, $"backlog{i}@example.com", MessageKind.SignUp, new MessageBody("Subject", "text", "<p>html</p>", null, null)) with { NextAttemptAt = 0 });
            }
        });
    }

    private Task<ServerProcess> Start() => servers.Start("--limits", "off");

    private static Task<MessageRow> Row(App app) =>
        app.Installation.Query<MessageRow>("SELECT status, attempts, answer, next_attempt_at FROM messages WHERE app_id = @Id", new { app.Id });
}
