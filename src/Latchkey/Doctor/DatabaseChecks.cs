using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Latchkey.Configuration;
using Latchkey.Data;
using Latchkey.Tokens;

namespace Latchkey.Doctor;

/// <summary>Looks at the database: engine, schema, clock, key ring, integrity, what waits.</summary>
public sealed partial class DatabaseChecks(Database database, Func<KeyRing?> ring, TimeProvider clock)
{
    private const int OldestPostgres = 13;
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<Finding>> Run()
    {
        try
        {
            var version = await database.Read(database.Dialect.EngineVersion);
            var findings = new List<Finding> { Engine(version) };
            var reached = await new Migrator(database).Reached();
            findings.Add(Schema(reached));
            if (reached == Migrator.NewestVersion(database.Dialect.Name))
            {
                findings.Add(await database.Read(Clock));
                findings.Add(await database.Read(Keys));
                findings.Add(await database.Read(Integrity));
                findings.Add(await database.Read(Durability));
                findings.Add(await database.Read(Backlog));
            }

            return findings;
        }
        catch (Exception e) when (e is DbException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return [Finding.Bad("database", $"It does not answer: {e.Message}", "Check that it runs, and the address, user and password in LATCHKEY_DATABASE.")];
        }
    }

    private Finding Engine(string version) =>
        database is PostgresDatabase && MajorVersion().Match(version) is { Success: true } major && int.Parse(major.Value, CultureInfo.InvariantCulture) < OldestPostgres
            ? Finding.Bad("database", $"{version} is too old.", $"Upgrade to PostgreSQL {OldestPostgres} or newer.")
            : Finding.Good("database", $"{version} answers.");

    private Finding Schema(int reached)
    {
        var newest = Migrator.NewestVersion(database.Dialect.Name);
        return reached == newest ? Finding.Good("schema", $"Version {reached}, the newest this program knows.")
            : reached > newest ? Finding.Bad("schema", $"Version {reached}, and this program knows {newest} at most.", "Start the newer program, or restore the backup made before the upgrade.")
            : Finding.Warning("schema", $"Version {reached}; this program brings it to {newest} at its next start.", "Make a backup first: latchkey backup FILE");
    }

    private async Task<Finding> Clock(DbConnection db)
    {
        if (database is not PostgresDatabase)
        {
            return Finding.Good("clock", "The database is on this machine and has the same clock.");
        }

        var theirs = await db.QuerySingleAsync<long>("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
        var drift = TimeSpan.FromMilliseconds(theirs - clock.GetUtcNow().ToUnixTimeMilliseconds());
        return drift.Duration() > Drift
            ? Finding.Warning("clock", FormattableString.Invariant($"This machine's clock differs from the database's by {drift.TotalSeconds:F0} seconds."), "Switch time synchronisation on (timedatectl set-ntp true) on both: codes and tokens end by the database's clock, logs are written by this one.")
            : Finding.Good("clock", FormattableString.Invariant($"Within {drift.Duration().TotalSeconds:F1} seconds of the database's."));
    }

    private async Task<Finding> Keys(DbConnection db)
    {
        const string Advice = "Put the right keys into the key ring's folder (LATCHKEY_KEYS).";
        var mark = await KeyRingMark.Read(db);
        try
        {
            return mark is null || (ring() is { } keys && KeyRingMark.IsOf(keys, mark))
                ? Finding.Good("secrets", "The key ring opens what the database holds.")
                : Finding.Bad("secrets", "The key ring is not the one that this database was made with.", Advice);
        }
        catch (InvalidSettingException e)
        {
            return Finding.Bad("secrets", e.Message, Advice);
        }
    }

    private async Task<Finding> Integrity(DbConnection db)
    {
        if (database is PostgresDatabase)
        {
            return await db.QuerySingleAsync<bool>("SELECT pg_is_in_recovery()")
                ? Finding.Bad("writing", "The database is a standby and takes no writes.", "Name all hosts and add target_session_attrs=primary to the connection.")
                : Finding.Good("writing", "The database is a primary.");
        }

        var found = await db.QuerySingleAsync<string>("PRAGMA quick_check(1)");
        return found == "ok" ? Finding.Good("integrity", "SQLite's quick check finds nothing.") : Finding.Bad("integrity", $"SQLite's quick check says: {found}", "Stop the server and restore the last backup.");
    }

    private async Task<Finding> Durability(DbConnection db)
    {
        var off = database is PostgresDatabase
            ? await db.QuerySingleOrDefaultAsync<string>("SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') AND setting = 'off' ORDER BY name LIMIT 1")
            : null;
        return off is null
            ? Finding.Good("durability", "What is answered is on the disk before.")
            : Finding.Bad("durability", $"{off} is off: a crash of the database loses what was answered just before.", $"Set {off} to on, for the database and the user.");
    }

    private async Task<Finding> Backlog(DbConnection db)
    {
        var (waiting, oldest) = await db.QuerySingleAsync<(long Waiting, long? Oldest)>("SELECT COUNT(*), MIN(created_at) FROM messages WHERE status = 'pending'");
        var age = oldest is { } at ? TimeSpan.FromMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds() - at) : TimeSpan.Zero;
        return age > Stuck
            ? Finding.Warning("messages", FormattableString.Invariant($"{waiting} wait, the oldest for {age.TotalMinutes:F0} minutes."), "See why in the portal: Installation, Providers.")
            : Finding.Good("messages", waiting == 0 ? "None wait." : $"{waiting} wait.");
    }

    [GeneratedRegex(@"\d+", RegexOptions.None, 1000)]
    private static partial Regex MajorVersion();
}
