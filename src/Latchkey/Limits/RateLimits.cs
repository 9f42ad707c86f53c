using System.Data.Common;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>
/// Takes tries from buckets. A try is its own transaction, made before the thing it bounds is evaluated and never rolled back
/// with it, so that fifty parallel guesses are fifty counted ones.
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
    /// Null when all of the tries may be made, each then counted; else 700 with the time to wait, and none counted: what is refused
    /// is not evaluated.
    /// </summary>
    /// <param name="scope">Whose: an App Id, or "portal".</param>
    /// <param name="requests">Always in the same order for the same purpose, so that two requests cannot wait for each other.</param>
    public Task<Error?> TryAcquire(string scope, params RateLimitRequest[] requests) =>
        TryAcquire(scope, _ => Task.CompletedTask, requests);

    /// <summary>As <see cref="TryAcquire(string, RateLimitRequest[])"/>, and more that is counted in the same transaction.</summary>
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
    /// As <see cref="TryAcquire(string, RateLimitRequest[])"/>, after something that an application asked to have counted: while limits are
    /// off it is counted
    /// all the same, and when a limit refuses it is not.
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

    /// <summary>Forgets the failures of a bucket, after a success.</summary>
    public Task Clear(DbConnection db, Limit limit, string scope, string subject) =>
        installation.LimitsOn ? store.Clear(db, Bucket(limit, scope, subject)) : Task.CompletedTask;

    /// <summary>How often <see cref="Add"/> was called for the subject lately.</summary>
    public async Task<int> Count(string scope, string subject) =>
        installation.LimitsOn ? await database.Read(db => store.Count(db, Bucket(Counter, scope, subject), clock.Now())) : 0;

    /// <summary>Counts something that bounds nothing by itself; forgotten <paramref name="kept"/> after the last one.</summary>
    public Task Add(DbConnection db, string scope, string subject, TimeSpan kept) =>
        installation.LimitsOn
            ? store.Add(db, Bucket(Counter, scope, subject), clock.Now() + Milliseconds(kept), clock.Now())
            : Task.CompletedTask;

    /// <summary>Takes a try back that bounded nothing: it was right, or was never evaluated.</summary>
    public Task Release(DbConnection db, Limit limit, string scope, string subject) =>
        installation.LimitsOn ? store.Release(db, Bucket(limit, scope, subject)) : Task.CompletedTask;

    /// <summary>
    /// As <see cref="Release"/>, for a try that was counted unless the subject was known: a known one has nothing to give back.
    /// </summary>
    public async Task ReleaseUnlessTrusted(DbConnection db, Limit limit, string scope, string countedSubject, string subject)
    {
        if (installation.LimitsOn && !await store.IsUnexpired(db, TrustedBucket(scope, subject), clock.Now()))
        {
            await store.Release(db, Bucket(limit, scope, countedSubject));
        }
    }

    /// <summary>A success makes the subject a known one.</summary>
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
