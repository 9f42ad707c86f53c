using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>
/// The table limits: one row per bucket. Each attempt is counted in a single statement, so concurrent requests cannot bypass a limit.
/// </summary>
public sealed class LimitStore
{
    /// <summary>Counts an attempt in the window; null when the limit is reached.</summary>
    public Task<int?> TryAcquireFromWindow(DbConnection db, string bucket, int limit, long window, long now) =>
        db.QuerySingleOrDefaultAsync<int?>(
            """
            INSERT INTO limits (bucket, count, opens_at, resets_at) VALUES (@bucket, 1, 0, @now + @window)
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
            }
        );

    /// <summary>
    /// Counts an attempt with exponential back-off. The first <paramref name="free"/> attempts have no delay; each later one closes the
    /// bucket for twice as long as the one before, from <paramref name="first"/> up to 30 times as long. Null while the bucket is closed.
    /// Times in milliseconds.
    /// </summary>
    public Task<int?> TryAcquireWithBackOff(DbConnection db, string bucket, int free, long first, long forget, long now) =>
        db.QuerySingleOrDefaultAsync<int?>(
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

    /// <summary>When a closed or full bucket accepts the next attempt, in unix milliseconds.</summary>
    public Task<long> OpensAt(DbConnection db, string bucket) =>
        db.QuerySingleOrDefaultAsync<long>(
            "SELECT CASE WHEN opens_at > 0 THEN opens_at ELSE resets_at END FROM limits WHERE bucket = @bucket",
            new { bucket }
        );

    public async Task<bool> IsUnexpired(DbConnection db, string bucket, long now) =>
        await db.QuerySingleOrDefaultAsync<int?>("SELECT 1 FROM limits WHERE bucket = @bucket AND resets_at > @now", new { bucket, now })
            is not null;

    public Task<int> Count(DbConnection db, string bucket, long now) =>
        db.QuerySingleOrDefaultAsync<int>("SELECT count FROM limits WHERE bucket = @bucket AND resets_at > @now", new { bucket, now });

    /// <summary>Increments a counter and extends its lifetime. It limits nothing by itself.</summary>
    public Task Add(DbConnection db, string bucket, long until, long now) =>
        db.ExecuteAsync(
            """
            INSERT INTO limits (bucket, count, opens_at, resets_at) VALUES (@bucket, 1, 0, @until)
            ON CONFLICT (bucket) DO UPDATE SET count = CASE WHEN limits.resets_at <= @now THEN 1 ELSE limits.count + 1 END,
              resets_at = @until
            """,
            new
            {
                bucket,
                until,
                now,
            }
        );

    /// <summary>Decrements the count and reopens the bucket, undoing the back-off of that attempt.</summary>
    public Task Release(DbConnection db, string bucket) =>
        db.ExecuteDeferred("UPDATE limits SET count = count - 1, opens_at = 0 WHERE bucket = @bucket AND count > 0", new { bucket });

    /// <summary>Sets a marker or extends its lifetime. It limits nothing by itself.</summary>
    public Task SetMarker(DbConnection db, string bucket, long until) =>
        db.ExecuteDeferred(
            "INSERT INTO limits (bucket, count, opens_at, resets_at) VALUES (@bucket, 0, 0, @until) ON CONFLICT (bucket) DO "
                + "UPDATE SET resets_at = @until",
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
