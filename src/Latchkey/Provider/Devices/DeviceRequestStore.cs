using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Provider.Devices;

/// <summary>The table device_codes.</summary>
public sealed class DeviceRequestStore(Dialect dialect)
{
    private const string Columns =
        "app_id, id, user_code, client_id, scope, resources, dpop_key, client, user_agent, state, user_id, session_id, "
        + "interval_seconds, polled_at, created_at, expires_at";

    /// <summary>False when a code to type is taken, also by one that is over but was shown lately.</summary>
    /// <param name="userCodes">The keyed hashes of the code to type, under all keys of the ring.</param>
    public async Task<bool> TryInsert(DbConnection db, DeviceRequest request, string[] userCodes) =>
        await db.ExecuteAsync(
            $"""
            INSERT INTO device_codes ({Columns})
            SELECT @AppId, @Id, @UserCode, @ClientId, @Scope, @Resources, @DpopKey, @Client, @UserAgent, @State, NULL, NULL,
              @IntervalSeconds, NULL, @CreatedAt, @ExpiresAt
            WHERE NOT EXISTS (SELECT 1 FROM device_codes d WHERE d.app_id = @AppId AND d.user_code {dialect.InArray("userCodes")})
            ON CONFLICT DO NOTHING
            """,
            new
            {
                request.AppId,
                request.Id,
                request.UserCode,
                request.ClientId,
                request.Scope,
                request.Resources,
                request.DpopKey,
                request.Client,
                request.UserAgent,
                request.State,
                request.IntervalSeconds,
                request.CreatedAt,
                request.ExpiresAt,
                userCodes,
            }
        ) == 1;

    /// <summary>The request of a device code, in any state; null for an unknown one.</summary>
    /// <param name="id">The hash of the device code.</param>
    public Task<DeviceRequest?> Find(DbConnection db, string appId, string id) =>
        db.QuerySingleOrDefaultAsync<DeviceRequest?>(
            $"SELECT {Columns} FROM device_codes WHERE app_id = @appId AND id = @id",
            new { appId, id }
        );

    /// <summary>The request that waits for a decision under a code to type; null for none.</summary>
    public Task<DeviceRequest?> FindPending(DbConnection db, string appId, string[] userCodes, long now) =>
        db.QuerySingleOrDefaultAsync<DeviceRequest?>(
            $"""
            SELECT {Columns} FROM device_codes WHERE app_id = @appId AND user_code {dialect.InArray("userCodes")}
              AND state = '{DeviceState.Pending}' AND expires_at > @now
            """,
            new
            {
                appId,
                userCodes,
                now,
            }
        );

    /// <summary>
    /// Records a poll of a request that nobody has decided, and makes the interval five seconds longer if it came too early (RFC 8628
    /// §3.5). The interval since then; null when the request was decided meanwhile.
    /// </summary>
    public Task<long?> RecordPoll(DbConnection db, string appId, string id, long now) =>
        db.QuerySingleOrDefaultAsync<long?>(
            $"""
            UPDATE device_codes SET polled_at = @now, interval_seconds = interval_seconds
              + CASE WHEN polled_at IS NOT NULL AND @now < polled_at + 1000 * interval_seconds THEN 5 ELSE 0 END
            WHERE app_id = @appId AND id = @id AND state = '{DeviceState.Pending}' RETURNING interval_seconds
            """,
            new
            {
                appId,
                id,
                now,
            }
        );

    /// <summary>A user decides; false when somebody has decided already, or the request is over.</summary>
    /// <param name="state">Approved or denied.</param>
    public async Task<bool> Decide(DbConnection db, string appId, string id, string state, string userId, string sessionId, long now) =>
        await db.ExecuteAsync(
            $"""
            UPDATE device_codes SET state = @state, user_id = @userId, session_id = @sessionId
            WHERE app_id = @appId AND id = @id AND state = '{DeviceState.Pending}' AND expires_at > @now
            """,
            new
            {
                appId,
                id,
                state,
                userId,
                sessionId,
                now,
            }
        ) == 1;

    /// <summary>The device gets its tokens; false when it has had them, or nobody has approved.</summary>
    public async Task<bool> Use(DbConnection db, string appId, string id, long now) =>
        await db.ExecuteAsync(
            $"""
            UPDATE device_codes SET state = '{DeviceState.Used}'
            WHERE app_id = @appId AND id = @id AND state = '{DeviceState.Approved}' AND expires_at > @now
            """,
            new
            {
                appId,
                id,
                now,
            }
        ) == 1;

    /// <summary>Declines what a user has approved of a client and the device has not yet asked for. Returns how many.</summary>
    public Task<int> Withdraw(DbConnection db, string appId, string userId, string clientId) =>
        db.ExecuteAsync(
            $"""
            UPDATE device_codes SET state = '{DeviceState.Denied}'
            WHERE app_id = @appId AND user_id = @userId AND client_id = @clientId AND state = '{DeviceState.Approved}'
            """,
            new
            {
                appId,
                userId,
                clientId,
            }
        );

    /// <summary>Deletes up to <paramref name="limit"/> that expired before a time. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM device_codes WHERE (app_id, id) IN (SELECT app_id, id FROM device_codes WHERE expires_at < @before LIMIT @limit)",
            new { before, limit }
        );
}
