using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Faults;

/// <summary>Row 50: kill -9 while the schema is brought up.</summary>
[Collection(UnderFire.Name)]
public sealed class KilledMigration(Servers servers)
{
    private static readonly int Kills = Drill.Size(4, 20);
    private static readonly int Newest = Migrator.NewestVersion(Engine.IsPostgres ? "postgres" : "sqlite");

    [Fact]
    public async Task A_migration_killed_anywhere_is_finished_by_the_next_start()
    {
        var whole = await servers.NewInstallation(isEmpty: true);
        (await whole.Run("migrate")).Worked();
        var expected = await Schema(await whole.Get<Database>());
        var died = new List<int>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var installation = await servers.NewInstallation(isEmpty: true);
            died.Add(await KillOnceAt(installation, kill * Newest / Kills));
            (await installation.Run("migrate")).Worked();
            (await Schema(await installation.Get<Database>())).ShouldBe(expected);
        }

        died.ShouldContain(version => version < Newest);
        Drill.Measured(50, $"killed {Kills} times, leaving versions {string.Join(", ", died)}: each time the next start finished the schema");
    }

    [Fact]
    public async Task Two_nodes_that_start_together_bring_the_schema_up_once()
    {
        Assert.SkipUnless(Drill.IsLong, "for the long run; once every day in Installations");
        const int rounds = 10;
        for (var round = 0; round < rounds; round++)
        {
            var installation = await servers.NewInstallation(isEmpty: true);
            await using var one = ServerProcess.Launch(installation);
            await using var other = ServerProcess.Launch(installation);
            await Task.WhenAll(one.IsReady(), other.IsReady());
            (await installation.Query<long>("SELECT COUNT(*) FROM schema_migrations")).ShouldBe(Newest);
            (await one.Stop() + await other.Stop()).ShouldBe(0);
        }

        Drill.Measured(50, $"two nodes start together on an empty database, {rounds} times: both serve");
    }

    /// <summary>Kills the program as soon as a version is reached; the version that was reached in the end.</summary>
    private static async Task<int> KillOnceAt(InstallationUnderTest installation, int version)
    {
        await using var database = Database.Open(installation.DatabaseConnection);
        var migrator = new Migrator(database);
        await using var process = ChildProcess.Start(Repository.Program, ["migrate", "--data", installation.DataFolder, "--database", installation.DatabaseConnection]);
        while (!process.HasExited && await migrator.Reached() < version)
        {
            // asked again at once, to come between two migrations or into the next
        }

        await process.Kill();
        return await migrator.Reached();
    }

    private static Task<string> Schema(Database database) =>
        database.Read(async db =>
        {
            var tables = await database.Dialect.Tables(db);
            var indexes = await db.QueryAsync<string>(Engine.IsPostgres
                ? "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
                : "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master");
            var columns = tables.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name} {column.Type}"));
            return string.Join('\n', columns.Concat(indexes).Order(StringComparer.Ordinal));
        });
}
