using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Operations.Doctor;

/// <summary>PostgreSQL checks: clock, settings, standbys, connections, notifications.</summary>
public sealed partial class PostgresChecks(PostgresDatabase database, InstallationSettings installation, TimeProvider clock)
{
    private const int MinVersion = 13;

    /// <summary>The heartbeat's connection and the notification listener's.</summary>
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
                "Switch on time synchronisation on both (timedatectl set-ntp true). Codes and tokens expire by the database's "
                    + "clock, and logs use this machine's."
            )
            : Finding.Good("clock", FormattableString.Invariant($"Within {drift.Duration().TotalSeconds:F1} seconds of the database's."));
    }

    private static async Task<Finding> CheckPrimary(DbConnection db) =>
        await db.QuerySingleAsync<bool>("SELECT pg_is_in_recovery()")
            ? Finding.Bad(
                "writing",
                "The database is a standby and accepts no writes.",
                "Add all hosts and target_session_attrs=primary to the connection."
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
                off == "synchronous_commit"
                    ? "synchronous_commit is off: a crash of the database can lose the last confirmed changes."
                    : $"{off} is off: a crash of the database can lose or damage data.",
                $"Set {off} to on, for the database and the user."
            )
            : Finding.Good("durability", "Changes are on the disk before they are confirmed.");

    private async Task<Finding> Connections(DbConnection db)
    {
        var max = await db.QuerySingleAsync<int>(
            "SELECT SUM(CASE name WHEN 'max_connections' THEN setting::int ELSE -setting::int END)::int FROM pg_settings WHERE "
                + "name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')"
        );
        var each = PostgresConnectionString.ParseHosts(installation.DatabaseConnection)[0].MaxPoolSize + ConnectionsOutsidePool;
        var says =
            $"PostgreSQL accepts {max} connections, and a node opens up to {each}: "
            + $"{(max / each) switch { 0 => "not even one node fits", 1 => "one node fits", var nodes => $"{nodes} nodes fit" }}.";
        return max >= each
            ? Finding.Good("connections", says)
            : Finding.Warning(
                "connections",
                says,
                "Decrease Maximum Pool Size in the connection, or increase the server's max_connections. Requests fail when no "
                    + "connections are left."
            );
    }

    /// <summary>Waits for a notification from another connection, as a node does every second.</summary>
    private async Task<Finding> CheckNotifications()
    {
        const string Subject = "notifications";
        const string Advice =
            "Set LATCHKEY_DATABASE_LISTEN to the server's own address. Without notifications, nodes read the settings twice a second.";
        using var heard = new CancellationTokenSource();
        try
        {
            await database.Listen(PostgresNotificationListener.TickChannel, () => { }, _ => heard.Cancel(), heard.Token);
            return Finding.Good(Subject, "Notifications arrive.");
        }
        catch (OperationCanceledException) when (heard.IsCancellationRequested)
        {
            return Finding.Good(Subject, "Notifications arrive.");
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            return Finding.Warning(Subject, $"Notifications do not arrive: {e.Message}", Advice);
        }
    }

    [GeneratedRegex(@"^PostgreSQL (?<major>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Postgres();
}
