using System.Data.Common;
using Dapper;

namespace Latchkey.Operations.KeyRotation;

/// <summary>Counts live items that keys of the ring signed or hashed, in any table.</summary>
public sealed class KeyUsageStore
{
    /// <summary>Tables with created_at and expires_at, and the items' names.</summary>
    public static IReadOnlyList<(string Table, string What, string Live)> Tables { get; } =
    [
        ("sessions", "sessions", "ended_at IS NULL"),
        ("signups", "signup codes and links", "status = 'pending'"),
        ("invitations", "invitation codes", "status = 'pending'"),
        ("user_codes", "codes of users", "used_at IS NULL"),
        ("login_codes", "login codes", "used_at IS NULL"),
    ];

    /// <param name="from">Created at or after this time, in unix milliseconds.</param>
    /// <param name="to">Created before this time, in unix milliseconds.</param>
    public Task<LiveKeys> CountCreatedBetween(
        DbConnection db,
        (string Table, string What, string Live) things,
        long from,
        long to,
        long now
    ) =>
        db.QuerySingleAsync<LiveKeys>(
            $"SELECT COUNT(*) AS count, MAX(expires_at) AS until FROM {things.Table} WHERE {things.Live} AND expires_at > @now "
                + "AND created_at >= @from AND created_at < @to",
            new
            {
                from,
                to,
                now,
            }
        );

    /// <summary>Unused recovery codes of applications' users.</summary>
    public Task<long> UserRecoveryCodes(DbConnection db, string ringKey) =>
        db.QuerySingleAsync<long>("SELECT COUNT(*) FROM recovery_codes WHERE ring_key = @ringKey AND used_at IS NULL", new { ringKey });

    /// <summary>Unused recovery codes of portal accounts.</summary>
    public Task<long> RecoveryCodes(DbConnection db, string ringKey) =>
        db.QuerySingleAsync<long>("SELECT COUNT(*) FROM developer_recovery_codes WHERE ring_key = @ringKey", new { ringKey });

    public Task<LiveKeys> AppTokens(DbConnection db, string ringKey, long now) =>
        db.QuerySingleAsync<LiveKeys>(
            "SELECT COUNT(*) AS count, CASE WHEN COUNT(*) = COUNT(expires_at) THEN MAX(expires_at) END AS until FROM app_tokens "
                + "WHERE ring_key = @ringKey AND (expires_at IS NULL OR expires_at > @now)",
            new { ringKey, now }
        );
}
