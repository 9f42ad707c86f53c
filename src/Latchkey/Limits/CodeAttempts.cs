using System.Data.Common;
using Latchkey.Core;

namespace Latchkey.Limits;

/// <summary>
/// Bounds the guessing of six digits: per code and network, per handle, purpose and network over all codes of a day, per network
/// over all handles; and each code counts the guesses made at it, by whomever, in its own row.
/// </summary>
public sealed class CodeAttempts(RateLimits limits)
{
    public const int CodeLength = 6;

    /// <summary>
    /// Until the tries of the last code that was asked for are forgotten, however late its first one was: a number is not given twice
    /// before.
    /// </summary>
    private static readonly TimeSpan CodeCounterLifetime = 2 * DefaultLimits.AttemptsPerCodeAndNetwork.Window;

    /// <summary>
    /// Guesses at one code in all. A row's count goes one further, to tell the last good guess from the first refused one.
    /// </summary>
    public const int MaxAttemptsPerCode = 20;

    /// <summary>Six digits; anything else is wrong before it is counted.</summary>
    public static bool IsCode(string text) => text.Length == CodeLength && text.All(char.IsAsciiDigit);

    /// <summary>Counts a try before it is evaluated; 700 when there is none left.</summary>
    /// <param name="appId">The application.</param>
    /// <param name="purpose">What the codes are for: signup, reset, invitation, phone.</param>
    /// <param name="subject">Whose code: the handle as it was asked for, known or not.</param>
    /// <param name="client">Who tries.</param>
    /// <param name="countAttempt">Adds one to the tries of every live code that this guess is held against.</param>
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
            new RateLimitRequest(DefaultLimits.AttemptsPerCodeAndNetwork, $"{purpose}|{subject}|{codeNumber}|{client.Network}"),
            new RateLimitRequest(DefaultLimits.CodeAttemptsPerNetwork, client.Network)
        );
    }

    /// <summary>A code was asked for: its own tries begin. Done for unknown handles too, which must look the same from outside.</summary>
    public Task BeginNewCode(DbConnection db, string appId, string purpose, string subject) =>
        limits.Add(db, appId, CodeCounterKey(purpose, subject), CodeCounterLifetime);

    /// <summary>After a right code, the day's wrong ones are forgotten.</summary>
    public async Task Clear(DbConnection db, string appId, string purpose, string subject, ClientAddress client)
    {
        await limits.Clear(db, DefaultLimits.WrongCodesPerHandle, appId, HandleKey(purpose, subject, client));
        await limits.Release(db, DefaultLimits.CodeAttemptsPerNetwork, appId, client.Network);
    }

    private static string CodeCounterKey(string purpose, string subject) => $"asked|{purpose}|{subject}";

    private static string HandleKey(string purpose, string subject, ClientAddress client) => $"{purpose}|{subject}|{client.Network}";
}
