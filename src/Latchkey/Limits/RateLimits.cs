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
    /// <summary>False with <c>--limits off</c>, for load tests on loopback.</summary>
    public bool AreOn => installation.LimitsOn;

    /// <summary>
    /// Counts the attempts and returns null if all limits allow it. Otherwise counts none and returns 700 with the time to wait; the caller
    /// must not go on.
    /// </summary>
    /// <param name="scope">The scope: an App Id, or "portal".</param>
    /// <param name="requests">In the same order for each purpose, to prevent deadlocks.</param>
    public async Task<Error?> TryAcquire(string scope, params RateLimitRequest[] requests) =>
        AreOn ? (await Acquire(scope, db => AcquireAll(db, scope, requests))).Error : null;

    /// <summary>Counts attempts in a transaction of their own, and logs refusals. Call it only while limits are on.</summary>
    /// <param name="scope">The scope: an App Id, or "portal".</param>
    /// <param name="acquire">Counts the attempts; an error rolls all of them back.</param>
    public async Task<Result<T>> Acquire<T>(string scope, Func<DbConnection, Task<Result<T>>> acquire)
    {
        var taken = await database.Write(acquire);
        if (taken.Error is { Cause: { } cause } && logThrottle.IsFirst($"{scope}|{cause}"))
        {
            LogLimitReached(log, cause, scope);
        }

        return taken;
    }

    /// <summary>Resets the count of a bucket, after a success.</summary>
    public Task Clear(DbConnection db, Limit limit, string scope, string subject) =>
        AreOn ? store.Clear(db, Bucket(limit, scope, subject)) : Task.CompletedTask;

    /// <summary>Releases an attempt that was correct or never evaluated.</summary>
    public Task Release(DbConnection db, Limit limit, string scope, string subject) =>
        AreOn ? store.Release(db, Bucket(limit, scope, subject), clock.Now()) : Task.CompletedTask;

    /// <summary>700 for a closed or full bucket, with the time until it accepts the next attempt.</summary>
    public async Task<Error> Refuse(DbConnection db, Limit limit, string scope, string subject) =>
        Refusal(limit.Name, await store.OpensAt(db, Bucket(limit, scope, subject)) - clock.Now());

    /// <summary>700 with the time to wait, at least one second.</summary>
    public static Error Refusal(string cause, long milliseconds) =>
        ErrorCodes.TooManyAttempts with
        {
            Cause = cause,
            RetryAfter = TimeSpan.FromMilliseconds(Math.Max(1000, milliseconds)),
        };

    /// <summary>The bucket's key in the table.</summary>
    public static string Bucket(Limit limit, string scope, string subject) => Bucket(limit.Name, scope, subject);

    public static string Bucket(string name, string scope, string subject) => $"{scope}|{name}|{Secrets.Hash(subject)}";

    public static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    /// <summary>As <see cref="TryAcquire"/>, inside <see cref="Acquire{T}"/>.</summary>
    public async Task<Result<Done>> AcquireAll(DbConnection db, string scope, RateLimitRequest[] requests)
    {
        var now = clock.Now();
        var counts = await db.QueryNumbers([.. requests.Select(request => Statement(request.Limit, scope, request.Subject, now))]);
        for (var i = 0; i < requests.Length; i++)
        {
            if (counts[i] is null)
            {
                return await Refuse(db, requests[i].Limit, scope, requests[i].Subject);
            }
        }

        return default(Done);
    }

    private (string Sql, object Parameters) Statement(Limit limit, string scope, string subject, long now) =>
        limit switch
        {
            WindowLimit window => store.AcquireFromWindow(window, scope, subject, now),
            BackOffLimit backOff => store.AcquireWithBackOff(
                Bucket(backOff, scope, subject),
                backOff.FreeAttempts,
                Milliseconds(backOff.InitialDelay),
                Milliseconds(backOff.ResetAfter),
                now
            ),
            _ => throw new NotSupportedException(limit.GetType().Name),
        };

    [LoggerMessage(1, LogLevel.Warning, "Limit reached: {Limit} ({Scope})")]
    private static partial void LogLimitReached(ILogger log, string limit, string scope);
}
