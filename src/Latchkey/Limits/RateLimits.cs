using System.Data.Common;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>
/// Applies rate limits. Each attempt is counted in its own transaction, before the limited action and never rolled back with it, so
/// that 50 concurrent attempts count as 50.
/// </summary>
public sealed partial class RateLimits(
    Database database,
    LimitStore store,
    InstallationSettings installation,
    LogThrottle logThrottle,
    TimeProvider clock,
    ILogger<RateLimits> log
)
{
    private static readonly TimeSpan TrustDuration = TimeSpan.FromDays(30);
    private static readonly WindowLimit Counter = new("counter", int.MaxValue, TimeSpan.Zero);

    /// <summary>
    /// Counts the attempts and returns null if all limits allow it. Otherwise counts none and returns 700 with the time to wait; the caller
    /// must not go on.
    /// </summary>
    /// <param name="scope">The scope: an App Id, or "portal".</param>
    /// <param name="requests">In the same order for each purpose, to prevent deadlocks.</param>
    public Task<Error?> TryAcquire(string scope, params RateLimitRequest[] requests) =>
        TryAcquire(scope, _ => Task.CompletedTask, requests);

    /// <summary>
    /// As <see cref="TryAcquire(string, RateLimitRequest[])"/>, and runs <paramref name="countMore"/> in the same transaction.
    /// </summary>
    public async Task<Error?> TryAcquire(string scope, Func<DbConnection, Task> countMore, params RateLimitRequest[] requests)
    {
        if (!installation.LimitsOn)
        {
            return null;
        }

        return await AcquireAndLog(
            scope,
            async db =>
            {
                var all = await AcquireAll(db, scope, requests);
                if (all.Succeeded)
                {
                    await countMore(db);
                }

                return all;
            }
        );
    }

    /// <summary>
    /// As <see cref="TryAcquire(string, RateLimitRequest[])"/>, after <paramref name="count"/> in the same transaction. It also runs while
    /// limits are off, and is rolled back when a limit refuses.
    /// </summary>
    public Task<Error?> TryAcquireAfter(Func<DbConnection, Task> count, string scope, params RateLimitRequest[] requests) =>
        AcquireAndLog(
            scope,
            async db =>
            {
                await count(db);
                return installation.LimitsOn ? await AcquireAll(db, scope, requests) : default(Done);
            }
        );

    /// <summary>Resets a bucket after a success.</summary>
    public Task Clear(DbConnection db, Limit limit, string scope, string subject) =>
        installation.LimitsOn ? store.Clear(db, Bucket(limit, scope, subject)) : Task.CompletedTask;

    /// <summary>The current value of the counter of <see cref="Add"/>.</summary>
    public async Task<int> Count(string scope, string subject) =>
        installation.LimitsOn ? await database.Read(db => store.Count(db, Bucket(Counter, scope, subject), clock.Now())) : 0;

    /// <summary>Increments a counter that limits nothing by itself; it expires <paramref name="kept"/> after the last call.</summary>
    public Task Add(DbConnection db, string scope, string subject, TimeSpan kept) =>
        installation.LimitsOn
            ? store.Add(db, Bucket(Counter, scope, subject), clock.Now() + Milliseconds(kept), clock.Now())
            : Task.CompletedTask;

    /// <summary>Takes back an attempt that was correct or was never verified.</summary>
    public Task Release(DbConnection db, Limit limit, string scope, string subject) =>
        installation.LimitsOn ? store.Release(db, Bucket(limit, scope, subject)) : Task.CompletedTask;

    /// <summary>As <see cref="Release"/>, for an attempt that was not counted if the subject is trusted.</summary>
    public async Task ReleaseUnlessTrusted(DbConnection db, Limit limit, string scope, string countedSubject, string subject)
    {
        if (installation.LimitsOn && !await store.IsUnexpired(db, TrustedBucket(scope, subject), clock.Now()))
        {
            await store.Release(db, Bucket(limit, scope, countedSubject));
        }
    }

    /// <summary>Marks the subject as trusted after a success.</summary>
    public Task TrustNetwork(DbConnection db, string scope, string subject) =>
        installation.LimitsOn
            ? store.SetMarker(db, TrustedBucket(scope, subject), clock.Now() + Milliseconds(TrustDuration))
            : Task.CompletedTask;

    private async Task<Error?> AcquireAndLog(string scope, Func<DbConnection, Task<Result<Done>>> acquire)
    {
        var taken = await database.Write(acquire);
        if (taken.Error is { Cause: { } cause } && logThrottle.IsFirst($"{scope}|{cause}"))
        {
            LogLimitReached(log, cause, scope);
        }

        return taken.Error;
    }

    private async Task<Result<Done>> AcquireAll(DbConnection db, string scope, RateLimitRequest[] requests)
    {
        var now = clock.Now();
        foreach (var (limit, subject, exemptIfTrusted) in requests)
        {
            if (exemptIfTrusted is not null && await store.IsUnexpired(db, TrustedBucket(scope, exemptIfTrusted), now))
            {
                continue;
            }

            var bucket = Bucket(limit, scope, subject);
            if (await AcquireOne(db, limit, bucket, now) is null)
            {
                var opensAt = await store.OpensAt(db, bucket);
                return ErrorCodes.TooManyAttempts with
                {
                    Cause = limit.Name,
                    RetryAfter = TimeSpan.FromMilliseconds(Math.Max(0, opensAt - now)),
                };
            }
        }

        return default(Done);
    }

    private Task<int?> AcquireOne(DbConnection db, Limit limit, string bucket, long now) =>
        limit switch
        {
            WindowLimit window => store.TryAcquireFromWindow(db, bucket, window.PermitLimit, Milliseconds(window.Window), now),
            BackOffLimit backOff => store.TryAcquireWithBackOff(
                db,
                bucket,
                backOff.FreeAttempts,
                Milliseconds(backOff.InitialDelay),
                Milliseconds(backOff.ResetAfter),
                now
            ),
            _ => throw new NotSupportedException(limit.GetType().Name),
        };

    private static string TrustedBucket(string scope, string subject) => $"{scope}|known|{Secrets.Hash(subject)}";

    private static string Bucket(Limit limit, string scope, string subject) => $"{scope}|{limit.Name}|{Secrets.Hash(subject)}";

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    [LoggerMessage(1, LogLevel.Warning, "Limit reached: {Limit} ({Scope})")]
    private static partial void LogLimitReached(ILogger log, string limit, string scope);
}
