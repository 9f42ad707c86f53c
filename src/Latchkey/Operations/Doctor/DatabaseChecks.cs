using System.Data.Common;
using Dapper;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Operations.Doctor;

/// <summary>Checks the database: engine, schema, key ring, waiting messages, and engine-specific settings.</summary>
public sealed class DatabaseChecks(Database database, InstallationSettings installation, KeyFolder keys, TimeProvider clock)
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<Finding>> Run()
    {
        try
        {
            var version = await database.Read(database.Dialect.EngineVersion);
            var findings = new List<Finding> { PostgresChecks.Version(version) };
            var reached = await new Migrator(database).CurrentVersion();
            findings.Add(Schema(reached));
            if (reached == Migrator.NewestVersion(database.Dialect.Name))
            {
                findings.Add(await database.Read(new KeyRingChecks(keys, clock).Run));
                findings.AddRange(
                    database is PostgresDatabase postgres
                        ? await new PostgresChecks(postgres, installation, clock).Run()
                        : await database.Read(CheckSqlite)
                );
                findings.Add(await database.Read(Backlog));
            }

            return findings;
        }
        catch (Exception e) when (e is DbException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return
            [
                Finding.Bad(
                    "database",
                    $"It does not respond: {e.Message}",
                    database is SqliteDatabase
                        ? "Check that the file in LATCHKEY_DATABASE is the right one, and run doctor as the user that runs the server."
                        : "Check that it is running, and the address, user and password in LATCHKEY_DATABASE."
                ),
            ];
        }
    }

    private Finding Schema(int reached)
    {
        var newest = Migrator.NewestVersion(database.Dialect.Name);
        return reached == newest ? Finding.Good("schema", $"Version {reached}, the newest that this program supports.")
            : reached > newest
                ? Finding.Bad(
                    "schema",
                    $"Version {reached}, and this program supports at most {newest}.",
                    "Start the newer program, or restore the backup from before the upgrade."
                )
            : Finding.Warning(
                "schema",
                $"Version {reached}. This program migrates it to {newest} at its next start.",
                "First make a backup: latchkey backup FILE"
            );
    }

    private static async Task<IReadOnlyList<Finding>> CheckSqlite(DbConnection db)
    {
        var found = await db.QuerySingleAsync<string>("PRAGMA quick_check(1)");
        return
        [
            Finding.Good("clock", "Not compared: SQLite uses this machine's clock. Keep it correct."),
            found == "ok"
                ? Finding.Good("integrity", "SQLite's quick check finds nothing.")
                : Finding.Bad("integrity", $"SQLite's quick check says: {found}", "Stop the server and restore the last backup."),
            Finding.Good("durability", "Changes are on the disk before they are confirmed."),
        ];
    }

    private async Task<Finding> Backlog(DbConnection db)
    {
        var (waiting, oldest) = await db.QuerySingleAsync<(long Waiting, long? Oldest)>(MessageStore.SelectWaiting);
        var age = oldest is { } at ? TimeSpan.FromMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds() - at) : TimeSpan.Zero;
        return age > StuckAfter
            ? Finding.Warning(
                "messages",
                FormattableString.Invariant($"{waiting} waiting, the oldest for {age.TotalMinutes:F0} minutes."),
                "See why in the portal: Installation, Providers."
            )
            : Finding.Good("messages", waiting == 0 ? "None waiting." : $"{waiting} waiting.");
    }
}
