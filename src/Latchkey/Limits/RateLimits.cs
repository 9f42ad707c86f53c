using Latchkey.Configuration;
using Latchkey.Contract;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>
/// Takes tries from buckets. A try is its own transaction, made before the thing it bounds is evaluated and never rolled back
/// with it, so that fifty parallel guesses are fifty counted ones.
/// </summary>
public sealed partial class RateLimits(Database database, LimitStore store, Installation installation, TimeProvider clock, ILogger<RateLimits> log)
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(30);

    /// <summary>Null when the try may go on; else 700 with the time to wait.</summary>
    /// <param name="limit">What is bounded.</param>
    /// <param name="scope">Whose: an App Id, or "portal".</param>
    /// <param name="subject">Within the scope: a handle, a network, both. Hashed by the caller where it is a credential.</param>
    public async Task<Error?> Take(Limit limit, string scope, string subject)
    {
        if (!installation.LimitsOn)
        {
            return null;
        }

        var bucket = Bucket(limit, scope, subject);
        var now = clock.Now();
        var taken = await database.Write(db => limit switch
        {
            WindowLimit window => store.TakeFromWindow(db, bucket, window.Most, Milliseconds(window.Window), now),
            BackOffLimit backOff => store.TakeWithBackOff(db, bucket, backOff.Free, Milliseconds(backOff.FirstWait), Milliseconds(backOff.Forget), now),
            _ => throw new NotSupportedException(limit.GetType().Name),
        });
        if (taken is not null)
        {
            return null;
        }

        var opensAt = await database.Read(db => store.OpensAt(db, bucket));
        LogReached(log, limit.Name, scope);
        return ErrorCodes.TooManyAttempts with { Cause = limit.Name, RetryAfter = TimeSpan.FromMilliseconds(Math.Max(0, opensAt - now)) };
    }

    /// <summary>Takes from each in turn; the first that is full refuses.</summary>
    public async Task<Error?> Take(string scope, params (Limit Limit, string Subject)[] tries)
    {
        foreach (var (limit, subject) in tries)
        {
            if (await Take(limit, scope, subject) is { } refused)
            {
                return refused;
            }
        }

        return null;
    }

    /// <summary>Forgets the failures of a bucket, after a success.</summary>
    public Task Clear(System.Data.Common.DbConnection db, Limit limit, string scope, string subject) =>
        installation.LimitsOn ? store.Clear(db, Bucket(limit, scope, subject)) : Task.CompletedTask;

    /// <summary>Whether the subject has succeeded here within the last month; such a one is not counted with strangers.</summary>
    public Task<bool> IsKnown(string scope, string subject) => database.Read(db => store.IsOpen(db, Known(scope, subject), clock.Now()));

    /// <summary>A success of a stranger gives its try back, and makes the subject a known one.</summary>
    public async Task GiveBackUnlessKnown(System.Data.Common.DbConnection db, Limit limit, string scope, string takenBy, string subject)
    {
        if (!installation.LimitsOn)
        {
            return;
        }

        if (!await store.IsOpen(db, Known(scope, subject), clock.Now()))
        {
            await store.GiveBack(db, Bucket(limit, scope, takenBy));
        }

        await store.Mark(db, Known(scope, subject), clock.Now() + Milliseconds(KnownFor));
    }

    private static string Known(string scope, string subject) => $"{scope}|known|{subject}";

    private static string Bucket(Limit limit, string scope, string subject) => $"{scope}|{limit.Name}|{subject}";

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    [LoggerMessage(1, LogLevel.Warning, "Limit reached: {Limit} ({Scope})")]
    private static partial void LogReached(ILogger log, string limit, string scope);
}
