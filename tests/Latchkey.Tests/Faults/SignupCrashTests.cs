using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Latchkey.Tests.Messages;

namespace Latchkey.Tests.Faults;

/// <summary>Row 46: kill -9 in the middle of thousands of signups.</summary>
[Collection(SerialCollection.Name)]
public sealed partial class SignupCrashTests(ServerFixture servers)
{
    private static readonly int Rounds = TestScale.Size(1, 20);
    private static readonly int Signups = TestScale.Size(1000, 5000);

    [Fact]
    public async Task Every_answered_signup_is_there_after_the_restart_and_its_mail_is_sent()
    {
        var installation = await servers.NewInstallation();
        await using var smtp = await SmtpServerProcess.Start(FreePort.Find());
        (string, string)[] provider =
        [
            ("LATCHKEY_SMTP_HOST", "127.0.0.1"),
            ("LATCHKEY_SMTP_PORT", $"{smtp.Port}"),
            ("LATCHKEY_SMTP_SECURITY", "none"),
            ("LATCHKEY_SMTP_FROM", "demo@sender.example"),
        ];
        Task<ServerProcess> Start() => servers.StartOn(installation, ["--limits", "off"], provider);
        var app = await (await Start()).CreateApp();
        var answered = new ConcurrentBag<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await KillDuringSignups(app, round, answered);
            app = app with { Server = await Start() };
            await NothingIsHalfMade(app, answered);
        }

        await EverythingIsSent(app, smtp, answered);
        await Parallel.ForEachAsync(answered.Take(50), async (handle, _) => (await app.Complete(handle, Code(smtp, handle))).ShouldBeOk());
        TestScale.RecordFigure(46, $"{Rounds} kills, {answered.Count} answered signups: all there, all mails sent");
    }

    /// <summary>Kills the server after a part of the answers, another part each round.</summary>
    private static async Task KillDuringSignups(App app, int round, ConcurrentBag<string> answered)
    {
        var (before, most) = (answered.Count, Signups * (20 + (round * 37 % 60)) / 100);
        var load = Parallel.ForAsync(
            0,
            Signups,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) =>
            {
                var handle = $"user{round}-{i}@example.com";
                try
                {
                    if (await app.Signup(handle) is { Code: null } reply)
                    {
                        reply.ShouldBeTrue();
                        answered.Add(handle);
                    }
                }
                catch (HttpRequestException)
                {
                    // the server was killed before it answered
                }
            }
        );
        await WaitUntil.IsTrue("a good part is answered", () => Task.FromResult(answered.Count - before >= most), TimeSpan.FromMinutes(5));
        await app.Server.Kill();
        await load;
        (answered.Count - before).ShouldBeInRange(most, Signups - 1);
    }

    private static async Task NothingIsHalfMade(App app, IReadOnlyCollection<string> answered)
    {
        var database = await app.Installation.Get<Latchkey.Data.Database>();
        answered
            .Except(
                await database.Read(db =>
                    Dapper.SqlMapper.QueryAsync<string>(db, "SELECT handle FROM signups WHERE app_id = @Id", new { app.Id })
                )
            )
            .ShouldBeEmpty();

        // In one look: PostgreSQL may still finish what the killed server had sent.
        var counts = await app.Installation.Query<Counts>(
            """
            SELECT (SELECT COUNT(*) FROM signups WHERE app_id = @Id) AS signups, (SELECT COUNT(*) FROM messages WHERE app_id = @Id
              AND kind = 'signUp') AS messages,
              (SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'signup' AND code = 0) AS logged
            """,
            new { app.Id }
        );
        counts.Signups.ShouldBeGreaterThanOrEqualTo(answered.Count);
        counts.ShouldBe(
            new Counts
            {
                Signups = counts.Signups,
                Messages = counts.Signups,
                Logged = counts.Signups,
            }
        );
        if (!Engine.IsPostgres)
        {
            (await app.Installation.Query<string>("PRAGMA integrity_check")).ShouldBe("ok");
        }
    }

    private static async Task EverythingIsSent(App app, SmtpServerProcess smtp, IReadOnlyCollection<string> answered)
    {
        // What a killed server was sending is leased to it for two minutes more.
        await app.Installation.Execute(
            "UPDATE message_directory SET next_attempt_at = 0 WHERE id IN (SELECT id FROM messages WHERE status = 'pending' AND attempts > 0)"
        );
        await WaitUntil.IsTrue(
            "the outbox is empty",
            async () => await app.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE status <> 'sent'") == 0,
            TimeSpan.FromMinutes(10)
        );
        var reached = smtp.Messages.SelectMany(message => message.GetProperty("recipients").EnumerateArray().Select(to => to.GetString()!));
        answered.Except(reached).ShouldBeEmpty();
    }

    private static string Code(SmtpServerProcess smtp, string handle) =>
        SixDigits()
            .Match(
                smtp.Messages.First(message => message.GetProperty("recipients")[0].GetString() == handle).GetProperty("text").GetString()!
            )
            .Value;

    private sealed record Counts
    {
        public long Signups { get; init; }

        public long Messages { get; init; }

        public long Logged { get; init; }
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();
}
