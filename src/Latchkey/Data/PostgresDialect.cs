using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using Npgsql;

namespace Latchkey.Data;

/// <summary>PostgreSQL's side of the differences.</summary>
public sealed class PostgresDialect : Dialect
{
    /// <summary>The channel on which every process hears of changed applications; the payload is the App Id.</summary>
    public const string ChangeChannel = "latchkey_applications";

    /// <summary>Connection, resources, operator intervention, system error, read-only standby.</summary>
    private static readonly string[] OutOfOrder = ["08", "53", "57", "58", "25006"];

    private const long MigrationLock = 0x4C61_7463_686B_6579; // "Latchkey"

    public override string Name => "postgres";

    public override string ForUpdate => "FOR UPDATE";

    public override string ForUpdateSkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string Among(string parameter) => $"= ANY (@{parameter})";

    public override Task LockMigrations(DbConnection db) => db.ExecuteAsync("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock });

    // The constraints are named table_column after their last column.
    public override bool IsUniqueViolation(DbException exception, string column) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } name } && name.EndsWith($"_{column}", StringComparison.Ordinal);

    public override bool IsOutOfOrder(Exception exception) => exception switch
    {
        PostgresException e => OutOfOrder.Any(e.SqlState.StartsWith),
        NpgsqlException or TimeoutException or SocketException or IOException => true,
        _ => false,
    };

    public override Task AnnounceChange(DbConnection db, string appId) =>
        db.ExecuteAsync("SELECT pg_notify(@ChangeChannel, @appId)", new { ChangeChannel, appId });

    public override async Task<string> EngineVersion(DbConnection db) => $"PostgreSQL {await db.QuerySingleAsync<string>("SHOW server_version")}";
}
