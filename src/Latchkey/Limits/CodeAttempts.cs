using System.Data.Common;
using Latchkey.Core;

namespace Latchkey.Limits;

/// <summary>
/// Rate limits for guessing six-digit codes: per code and network; per handle, purpose and network over all codes of a day; per network
/// over all handles. Each code also counts all its attempts in its own row.
/// </summary>
public sealed class CodeAttempts(RateLimits limits)
{
    /// <summary>
    /// Outlasts the attempt counters of the last requested code, even if its first attempt came late, so that no counter number is reused
    /// before.
    /// </summary>
    private static readonly TimeSpan CodeCounterLifetime = 2 * DefaultLimits.AttemptsPerCodeAndNetwork.Window;

    /// <summary>
    /// The highest number of attempts per code in total. A row counts one further, to distinguish the last valid attempt from the first
    /// refused one.
    /// </summary>
    public const int MaxAttemptsPerCode = 20;

    /// <summary>Counts an attempt before the code is verified; 700 when the limit is reached.</summary>
    /// <param name="appId">The application.</param>
    /// <param name="purpose">The purpose of the codes: signup, reset, invitation, phone.</param>
    /// <param name="subject">The requested handle, known or not.</param>
    /// <param name="client">The client.</param>
    /// <param name="countAttempt">Increments the attempts of every active code that this attempt may match.</param>
    public async Task<Error?> TryAcquire(
        string appId,
        string purpose,
        string subject,
        ClientAddress client,
        Func<DbConnection, Task> countAttempt
    )
    {
        var codeNumber = await limits.Count(appId, CodeCounterKey(purpose, subject));
        return await limits.TryAcquire(
            appId,
            countAttempt,
            new RateLimitRequest(DefaultLimits.WrongCodesPerHandle, HandleKey(purpose, subject, client)),
            new RateLimitRequest(
                DefaultLimits.AttemptsPerCodeAndNetwork,
                $"{purpose}|{Handle.KeyOf(subject)}|{codeNumber}|{client.Network}"
            ),
            new RateLimitRequest(DefaultLimits.CodeAttemptsPerNetwork, client.Network)
        );
    }

    /// <summary>Starts new attempt counters for a requested code. Also done for unknown handles, to prevent user enumeration.</summary>
    public Task BeginNewCode(DbConnection db, string appId, string purpose, string subject) =>
        limits.Add(db, appId, CodeCounterKey(purpose, subject), CodeCounterLifetime);

    /// <summary>After a correct code, resets the day's count of wrong codes.</summary>
    public async Task Clear(DbConnection db, string appId, string purpose, string subject, ClientAddress client)
    {
        await limits.Clear(db, DefaultLimits.WrongCodesPerHandle, appId, HandleKey(purpose, subject, client));
        await limits.Release(db, DefaultLimits.CodeAttemptsPerNetwork, appId, client.Network);
    }

    private static string CodeCounterKey(string purpose, string subject) => $"asked|{purpose}|{Handle.KeyOf(subject)}";

    private static string HandleKey(string purpose, string subject, ClientAddress client) =>
        $"{purpose}|{Handle.KeyOf(subject)}|{client.Network}";
}
