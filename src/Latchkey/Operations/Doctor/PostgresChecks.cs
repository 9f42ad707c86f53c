using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Operations.Doctor;

/// <summary>Looks at what only PostgreSQL has: a clock and settings of its own, standbys, connections, notifications.</summary>
public sealed partial class PostgresChecks(PostgresDatabase database, InstallationSettings installation, TimeProvider clock)
{
    private const int MinVersion = 13;

    /// <summary>Besides its pool, a node has a connection that asks for the pulse and one that listens.</summary>
    private const int ConnectionsOutsidePool = 2;

    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);

    public static Finding Version(string version) =>
        Postgres().Match(version) is { Success: true } major
        && int.Parse(major.Groups["major"].Value, CultureInfo.InvariantCulture) < MinVersion
            ? Finding.Bad("database", $"{version} is too old.", $"Upgrade to PostgreSQL {MinVersion} or newer.")
            : Finding.Good("database", $"{version} answers.");

    public async Task<IReadOnlyList<Finding>> Run() =>
        [
            await database.Read(Clock),
            await database.Read(CheckPrimary),
            await database.Read(Durability),
            await database.Read(Connections),
            await CheckNotifications(),
        ];

    private async Task<Finding> Clock(DbConnection db)
    {
        var theirs = await db.QuerySingleAsync<long>("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
        var drift = TimeSpan.FromMilliseconds(theirs - clock.GetUtcNow().ToUnixTimeMilliseconds());
        return drift.Duration() > Drift
            ? Finding.Warning(
                "clock",
                FormattableString.Invariant($"This machine's clock differs from the database's by {drift.TotalSeconds:F0} seconds."),
                "Switch time synchronisation on (timedatectl set-ntp true) on both: codes and tokens end by the database's "
                    + "clock, logs are written by this one."
            )
            : Finding.Good("clock", FormattableString.Invariant($"Within {drift.Duration().TotalSeconds:F1} seconds of the database's."));
    }

    private static async Task<Finding> CheckPrimary(DbConnection db) =>
        await db.QuerySingleAsync<bool>("SELECT pg_is_in_recovery()")
            ? Finding.Bad(
                "writing",
                "The database is a standby and takes no writes.",
                "Name all hosts and add target_session_attrs=primary to the connection."
            )
            : Finding.Good("writing", "The database is a primary.");

    private static async Task<Finding> Durability(DbConnection db) =>
        await db.QuerySingleOrDefaultAsync<string>(
            "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' "
                + "ORDER BY name LIMIT 1"
        )
            is { } off
            ? Finding.Bad(
                "durability",
                $"{off} is off: a crash of the database loses {(off == "synchronous_commit" ? "what was answered just before" : "or damages it")}.",
                $"Set {off} to on, for the database and the user."
            )
            : Finding.Good("durability", "What is answered is on the disk before.");

    private async Task<Finding> Connections(DbConnection db)
    {
        var most = await db.QuerySingleAsync<int>(
            "SELECT SUM(CASE name WHEN 'max_connections' THEN setting::int ELSE -setting::int END)::int FROM pg_settings WHERE "
                + "name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')"
        );
        var each = PostgresConnectionString.ParseHosts(installation.DatabaseConnection)[0].MaxPoolSize + ConnectionsOutsidePool;
        var says =
            $"PostgreSQL takes {most}, and a node opens {each} at most: {(most / each) switch { 0 => "not even one node fits", 1 => "one node fits", var nodes => $"{nodes} nodes fit" }}.";
        return most >= each
            ? Finding.Good("connections", says)
            : Finding.Warning(
                "connections",
                says,
                "Set Maximum Pool Size in the connection to less, or max_connections of the server to more: requests fail when "
                    + "there are none left."
            );
    }

    /// <summary>Waits for a notification that another connection sends, as a node does each second.</summary>
    private async Task<Finding> CheckNotifications()
    {
        const string Subject = "change feed";
        const string Advice =
            "Give LATCHKEY_DATABASE_LISTEN the server's own address. Without the feed nodes read settings afresh twice a second.";
        using var heard = new CancellationTokenSource();
        try
        {
            await database.Listen(PostgresNotificationListener.TickChannel, () => { }, _ => heard.Cancel(), heard.Token);
            return Finding.Good(Subject, "Notifications are heard.");
        }
        catch (OperationCanceledException) when (heard.IsCancellationRequested)
        {
            return Finding.Good(Subject, "Notifications are heard.");
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            return Finding.Warning(Subject, $"Notifications are not heard: {e.Message}", Advice);
        }
    }

    [GeneratedRegex(@"^PostgreSQL (?<major>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Postgres();
}
