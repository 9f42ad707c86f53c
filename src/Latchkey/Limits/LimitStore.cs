using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>
/// The table limits: one row per bucket. Each attempt is counted in a single statement, so concurrent requests cannot bypass a limit.
/// Statements that run together are returned with their parameters, for <see cref="BatchedQueries.QueryNumbers"/>.
/// </summary>
public sealed class LimitStore
{
    /// <summary>As <see cref="AcquireFromWindow(string, int, long, long, string)"/>, for the bucket of a subject.</summary>
    public (string Sql, object Parameters) AcquireFromWindow(
        WindowLimit limit,
        string scope,
        string subject,
        long now,
        string unless = ""
    ) => AcquireFromWindow(RateLimits.Bucket(limit, scope, subject), limit.PermitLimit, RateLimits.Milliseconds(limit.Window), now, unless);

    /// <summary>Counts an attempt in the window. Returns the count, or no row if the limit is reached or the marker exists.</summary>
    /// <param name="unless">The bucket of a marker (<see cref="SetMarker"/>) that exempts the attempt; empty for none.</param>
    public (string Sql, object Parameters) AcquireFromWindow(string bucket, int limit, long window, long now, string unless = "") =>
        (
            """
            INSERT INTO limits (bucket, count, opens_at, resets_at) SELECT @bucket, 1, 0, @now + @window
            WHERE NOT EXISTS (SELECT 1 FROM limits marker WHERE marker.bucket = @unless AND marker.resets_at > @now)
            ON CONFLICT (bucket) DO UPDATE SET
              count = CASE WHEN limits.resets_at <= @now THEN 1 ELSE limits.count + 1 END,
              resets_at = CASE WHEN limits.resets_at <= @now THEN @now + @window ELSE limits.resets_at END
            WHERE limits.resets_at <= @now OR limits.count < @limit
            RETURNING count
            """,
            new
            {
                bucket,
                limit,
                window,
                now,
                unless,
            }
        );

    /// <summary>
    /// Counts an attempt with exponential back-off. The first <paramref name="free"/> attempts have no delay; each later one closes the
    /// bucket for twice as long as the one before, from <paramref name="first"/> up to 30 times as long. No row while the bucket is closed.
    /// Times in milliseconds.
    /// </summary>
    public (string Sql, object Parameters) AcquireWithBackOff(string bucket, int free, long first, long forget, long now) =>
        (
            """
            INSERT INTO limits (bucket, count, opens_at, resets_at) VALUES (@bucket, 1, 0, @now + @forget)
            ON CONFLICT (bucket) DO UPDATE SET
              count = CASE WHEN limits.resets_at <= @now THEN 1 ELSE limits.count + 1 END,
              opens_at = CASE
                WHEN limits.resets_at <= @now OR limits.count + 1 < @free THEN 0
                WHEN limits.count + 1 >= @free + 5 THEN @now + 30 * @first
                ELSE @now + @first * (1 << (limits.count + 1 - @free)) END,
              resets_at = @now + @forget
            WHERE limits.opens_at <= @now OR limits.resets_at <= @now
            RETURNING count
            """,
            new
            {
                bucket,
                free,
                first,
                forget,
                now,
            }
        );

    /// <summary>
    /// Counts a network with its first failure: <paramref name="failed"/> is the network's own bucket, counted earlier in the same batch.
    /// No row if it was not the first failure, or if the marker exists.
    /// </summary>
    public (string Sql, object Parameters) CountFirstFailure(string bucket, string failed, long window, long now, string unless) =>
        (
            """
            INSERT INTO limits (bucket, count, opens_at, resets_at) SELECT @bucket, 1, 0, @now + @window
            WHERE NOT EXISTS (SELECT 1 FROM limits marker WHERE marker.bucket = @unless AND marker.resets_at > @now)
              AND EXISTS (SELECT 1 FROM limits own WHERE own.bucket = @failed AND own.count = 1)
            ON CONFLICT (bucket) DO UPDATE SET
              count = CASE WHEN limits.resets_at <= @now THEN 1 ELSE limits.count + 1 END,
              resets_at = CASE WHEN limits.resets_at <= @now THEN @now + @window ELSE limits.resets_at END
            RETURNING count
            """,
            new
            {
                bucket,
                failed,
                window,
                now,
                unless,
            }
        );

    /// <summary>
    /// Counts an attempt in the window. After <paramref name="free"/> attempts, and once <paramref name="networks"/> has counted
    /// <paramref name="fromNetworks"/>, each attempt closes the bucket as in <see cref="AcquireWithBackOff"/>. No row while the bucket is
    /// closed, or if the marker exists. Times in milliseconds.
    /// </summary>
    public (string Sql, object Parameters) AcquireFromManyNetworks(
        string bucket,
        string networks,
        int free,
        int fromNetworks,
        long first,
        long window,
        long now,
        string unless
    ) =>
        (
            """
            INSERT INTO limits (bucket, count, opens_at, resets_at) SELECT @bucket, 1, 0, @now + @window
            WHERE NOT EXISTS (SELECT 1 FROM limits marker WHERE marker.bucket = @unless AND marker.resets_at > @now)
            ON CONFLICT (bucket) DO UPDATE SET
              count = CASE WHEN limits.resets_at <= @now THEN 1 ELSE limits.count + 1 END,
              opens_at = CASE
                WHEN limits.resets_at <= @now OR limits.count + 1 < @free OR NOT EXISTS (SELECT 1 FROM limits seen
                  WHERE seen.bucket = @networks AND seen.count >= @fromNetworks AND seen.resets_at > @now) THEN 0
                WHEN limits.count + 1 >= @free + 5 THEN @now + 30 * @first
                ELSE @now + @first * (1 << (limits.count + 1 - @free)) END,
              resets_at = CASE WHEN limits.resets_at <= @now THEN @now + @window ELSE limits.resets_at END
            WHERE limits.opens_at <= @now OR limits.resets_at <= @now
            RETURNING count
            """,
            new
            {
                bucket,
                networks,
                free,
                fromNetworks,
                first,
                window,
                now,
                unless,
            }
        );

    /// <summary>The count of an unexpired bucket or marker; no row if there is none.</summary>
    public (string Sql, object Parameters) SelectUnexpired(string bucket, long now) =>
        ("SELECT count FROM limits WHERE bucket = @bucket AND resets_at > @now", new { bucket, now });

    /// <summary>
    /// Counts an attempt at an unexpired marker. Returns the count, or no row if there is no marker or its limit is reached.
    /// </summary>
    public (string Sql, object Parameters) AcquireFromMarker(string bucket, int limit, long now) =>
        (
            "UPDATE limits SET count = count + 1 WHERE bucket = @bucket AND count < @limit AND resets_at > @now RETURNING count",
            new
            {
                bucket,
                limit,
                now,
            }
        );

    /// <summary>When a closed or full bucket accepts the next attempt, in unix milliseconds.</summary>
    public Task<long> OpensAt(DbConnection db, string bucket) =>
        db.QuerySingleOrDefaultAsync<long>(
            "SELECT CASE WHEN opens_at > 0 THEN opens_at ELSE resets_at END FROM limits WHERE bucket = @bucket",
            new { bucket }
        );

    /// <summary>Increments the count in the window, without a limit.</summary>
    public Task Add(DbConnection db, string bucket, long window, long now)
    {
        var (sql, parameters) = AcquireFromWindow(bucket, int.MaxValue, window, now);
        return db.ExecuteDeferred(sql, parameters);
    }

    /// <summary>Decrements the count and reopens the bucket, undoing the back-off of that attempt.</summary>
    /// <param name="unless">The bucket of a marker that exempted the attempt from being counted; empty for none.</param>
    public Task Release(DbConnection db, string bucket, long now, string unless = "") =>
        db.ExecuteDeferred(
            """
            UPDATE limits SET count = count - 1, opens_at = 0 WHERE bucket = @bucket AND count > 0
              AND NOT EXISTS (SELECT 1 FROM limits marker WHERE marker.bucket = @unless AND marker.resets_at > @now)
            """,
            new
            {
                bucket,
                unless,
                now,
            }
        );

    /// <summary>Sets a marker with a count of 0, or resets the count and extends the lifetime of an existing one.</summary>
    public Task SetMarker(DbConnection db, string bucket, long until) =>
        db.ExecuteDeferred(
            "INSERT INTO limits (bucket, count, opens_at, resets_at) VALUES (@bucket, 0, 0, @until) ON CONFLICT (bucket) DO "
                + "UPDATE SET count = 0, resets_at = @until",
            new { bucket, until }
        );

    public Task Clear(DbConnection db, string bucket) => db.ExecuteDeferred("DELETE FROM limits WHERE bucket = @bucket", new { bucket });

    /// <summary>Deletes up to <paramref name="limit"/> expired rows. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long now, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM limits WHERE bucket IN (SELECT bucket FROM limits WHERE resets_at < @now LIMIT @limit)",
            new { now, limit }
        );
}
