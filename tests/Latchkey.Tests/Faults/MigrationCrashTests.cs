using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Faults;

/// <summary>Row 50: kill -9 while the schema is brought up.</summary>
[Collection(SerialCollection.Name)]
public sealed class MigrationCrashTests(ServerFixture servers)
{
    private static readonly int Kills = TestScale.Size(4, 20);
    private static readonly int Newest = NextRelease.Newest;

    [Fact]
    public async Task A_migration_killed_anywhere_is_finished_by_the_next_start()
    {
        await using var release = await NextRelease.Make();
        var whole = await servers.NewInstallation(isEmpty: true);
        (await release.Run(whole, "migrate")).ShouldSucceed();
        var expected = await Schema(whole);
        expected.ShouldContain($"users.further_{Newest}");
        var writes = Engine.IsPostgres ? 0 : await CountWrites(release);
        var died = new List<int>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var installation = await servers.NewInstallation(isEmpty: true);
            died.Add(
                Engine.IsPostgres
                    ? await KillOnceAt(release, installation, kill * Newest / Kills)
                    : await KillAtWrite(release, installation, (kill + 1) * writes / (Kills + 1))
            );
            (await release.Run(installation, "migrate")).ShouldSucceed();
            (await Schema(installation)).ShouldBe(expected);
        }

        // The last writes are no migration's
        died.Count(version => version < Newest).ShouldBeGreaterThanOrEqualTo(Engine.IsPostgres ? 1 : Kills / 2);
        TestScale.RecordFigure(
            50,
            $"killed {Kills} times, leaving versions {string.Join(", ", died)}: each time the next start finished the schema"
        );
    }

    [Fact]
    public async Task Two_nodes_that_start_together_bring_the_schema_up_once()
    {
        Assert.SkipUnless(TestScale.IsLong, "for the long run; once every day in Installations");
        const int rounds = 10;
        await using var release = await NextRelease.Make();
        for (var round = 0; round < rounds; round++)
        {
            var installation = await servers.NewInstallation(isEmpty: true);
            await using var one = ServerProcess.Launch(installation, program: release.Program);
            await using var other = ServerProcess.Launch(installation, program: release.Program);
            await Task.WhenAll(one.WaitUntilReady(), other.WaitUntilReady());
            await using var database = Database.Open(installation.DatabaseConnection);
            (await database.Read(db => db.QuerySingleAsync<long>("SELECT COUNT(*) FROM schema_migrations"))).ShouldBe(Newest);
            (await one.Stop() + await other.Stop()).ShouldBe(0);
        }

        TestScale.RecordFigure(50, $"two nodes start together on an empty database, {rounds} times: both serve");
    }

    /// <summary>How many times a migration of an empty file writes to it.</summary>
    private async Task<int> CountWrites(NextRelease release)
    {
        var installation = await servers.NewInstallation(isEmpty: true);
        var trace = Path.Combine(installation.DataFolder, "trace");
        await ChildProcess.Run("strace", ["-f", "-qq", "-e", "trace=pwrite64", "-o", trace, .. Migrate(release, installation)]);
        return (await File.ReadAllLinesAsync(trace)).Length;
    }

    /// <summary>
    /// SQLite is done too soon to be met by chance: the program is killed at its so manyth write to the file. The version that was reached.
    /// </summary>
    private static async Task<int> KillAtWrite(NextRelease release, TestInstallation installation, int write)
    {
        await using var process = ChildProcess.Start(
            "strace",
            [
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=pwrite64",
                "-e",
                $"inject=pwrite64:signal=KILL:when={write}",
                .. Migrate(release, installation),
            ]
        );
        await process.WaitForExit();
        await using var database = Database.Open(installation.DatabaseConnection);
        return await new Migrator(database).CurrentVersion();
    }

    private static string[] Migrate(NextRelease release, TestInstallation installation) =>
        [release.Program, "migrate", .. NextRelease.Place(installation)];

    /// <summary>Kills the program as soon as a version is reached; the version that was reached in the end.</summary>
    private static async Task<int> KillOnceAt(NextRelease release, TestInstallation installation, int version)
    {
        await using var database = Database.Open(installation.DatabaseConnection);
        var migrator = new Migrator(database);
        await using var process = ChildProcess.Start(release.Program, Migrate(release, installation)[1..]);
        while (!process.HasExited && await migrator.CurrentVersion() < version)
        {
            // asked again at once, to come between two migrations or into the next
        }

        await process.Kill();
        return await migrator.CurrentVersion();
    }

    private static async Task<string> Schema(TestInstallation installation)
    {
        await using var database = Database.Open(installation.DatabaseConnection);
        return await database.Read(async db =>
        {
            var tables = await database.Dialect.Tables(db);
            var indexes = await db.QueryAsync<string>(
                Engine.IsPostgres
                    ? "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
                    : "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master"
            );
            var columns = tables.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name} {column.Type}"));
            return string.Join('\n', columns.Concat(indexes).Order(StringComparer.Ordinal));
        });
    }
}
