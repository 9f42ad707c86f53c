using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Latchkey.Tests.Faults;

/// <summary>Row 48: the database stops in the middle of requests, and comes back. Meanwhile nobody gets in, whatever they know.</summary>
[Collection(SerialCollection.Name)]
public sealed class DatabaseOutageTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(TestScale.Size(4, 10));

    [Fact]
    public async Task A_database_that_hangs_is_503_soon_and_back_at_once()
    {
        Assert.SkipUnless(Engine.IsPostgres, "about PostgreSQL");
        await using var cluster = await PostgresCluster.Start();
        await Survives("hangs", cluster, () => Do(cluster.Pause), () => Do(cluster.Continue));
    }

    [Fact]
    public async Task A_database_that_crashes_and_restarts_is_503_soon_and_back_at_once()
    {
        Assert.SkipUnless(Engine.IsPostgres, "about PostgreSQL");
        await using var cluster = await PostgresCluster.Start();
        await Survives("crashes", cluster, cluster.Kill, cluster.StartServer);
    }

    [Fact]
    public async Task A_file_that_another_process_locks_is_503_soon_and_back_at_once()
    {
        Assert.SkipWhen(Engine.IsPostgres, "about SQLite");
        await using var installation = await TestInstallation.Create(null);
        await using var other = new SqliteConnection($"Data Source={installation.DatabaseConnection};Pooling=False");
        async Task Say(string sql)
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }

        await Survives("is locked", installation, () => Say("BEGIN EXCLUSIVE"), () => Say("ROLLBACK"));
    }

    private static async Task Survives(string what, PostgresCluster cluster, Func<Task> stop, Func<Task> start)
    {
        await using var installation = await TestInstallation.Create(cluster);
        await Survives(what, installation, stop, start);
    }

    private static async Task Survives(string what, TestInstallation installation, Func<Task> stop, Func<Task> start)
    {
        await using var server = await ServerProcess.Start(installation, ["--limits", "off"]);
        await using var strict = await ServerProcess.Start(installation);
        var app = await server.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        var tries = await OutageAttempts.Prepare(strict);
        await using var traffic = SignupTraffic.Start(app);
        await traffic.WaitForSignups();

        await stop();
        var stopped = Stopwatch.GetTimestamp();
        await tries.ShouldAllFail();
        await WaitUntil.IsTrue("the outage has lasted", () => Task.FromResult(Stopwatch.GetElapsedTime(stopped) > Outage));
        if (Engine.IsPostgres) // SQLite's readers do not wait for a writer
        {
            (await ann.TryGetUser()).ShouldFailWith(701, System.Net.HttpStatusCode.ServiceUnavailable);
            ((int)(await server.Get("/health/ready")).Status).ShouldBe(503);
        }

        var startsAgain = Stopwatch.GetTimestamp();
        await start();
        var back = Stopwatch.GetTimestamp();
        await traffic.WaitForSignups();
        await traffic.Stop();

        var during = traffic.All.Where(one => one.Began > stopped && one.Ended < startsAgain).ToList();
        during.ShouldAllBe(one => one.Status == 503 && one.Text.Contains("\"code\":701"));
        during.Count.ShouldBePositive();
        var slowest = traffic.All.Where(one => one.Began < startsAgain && one.Ended > stopped).Max(one => one.Took);
        var after = Stopwatch.GetElapsedTime(back, traffic.All.Where(one => one.IsOk && one.Ended > back).Min(one => one.Ended));
        TestScale.RecordFigure(
            48,
            FormattableString.Invariant(
                $"the database {what} for {Outage.TotalSeconds:F0} s: {during.Count} refused with 503, slowest after {slowest.TotalSeconds:F1} s; first success {after.TotalSeconds:F1} s after it was back"
            )
        );
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(TestScale.Size(5, 2)));
        after.ShouldBeLessThan(TimeSpan.FromSeconds(TestScale.Size(15, 5)));
        await WaitUntil.IsTrue("this process has a connection again too", () => Answers(installation));
        await traffic.VerifyAcknowledgedSignups(app);
        await tries.ShouldHaveNoEffect();
        (await ann.TryGetUser()).ShouldBeOk();
        server.Log.ShouldNotContain(line => line.Contains("Unhandled") || line.Contains("Hosting failed"));
    }

    private static async Task<bool> Answers(TestInstallation installation)
    {
        try
        {
            return await installation.Query<int>("SELECT 1") == 1;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private static Task Do(Action what)
    {
        what();
        return Task.CompletedTask;
    }
}
