using System.Data.Common;
using Latchkey.Core;

namespace Latchkey.Limits;

/// <summary>
/// Bounds the guessing of six digits: per code and network, per handle, purpose and network over all codes of a day, per network
/// over all handles; and each code counts the guesses made at it, by whomever, in its own row.
/// </summary>
public sealed class CodeTries(RateLimits limits)
{
    public const int Digits = 6;

    /// <summary>Until the tries of the last code that was asked for are forgotten, however late its first one was: a number is not given twice before.</summary>
    private static readonly TimeSpan Numbered = 2 * DefaultLimits.CodeTriesOfNetwork.Window;

    /// <summary>Guesses at one code in all. A row's count goes one further, to tell the last good guess from the first refused one.</summary>
    public const int MostPerCode = 20;

    /// <summary>Six digits; anything else is wrong before it is counted.</summary>
    public static bool IsCode(string text) => text.Length == Digits && text.All(char.IsAsciiDigit);

    /// <summary>Counts a try before it is evaluated; 700 when there is none left.</summary>
    /// <param name="appId">The application.</param>
    /// <param name="purpose">What the codes are for: signup, reset, invitation, phone.</param>
    /// <param name="subject">Whose code: the handle as it was asked for, known or not.</param>
    /// <param name="client">Who tries.</param>
    /// <param name="countAtCodes">Adds one to the tries of every live code that this guess is held against.</param>
    public async Task<Error?> Take(string appId, string purpose, string subject, ClientAddress client, Func<DbConnection, Task> countAtCodes)
    {
        var asked = await limits.Count(appId, Asked(purpose, subject));
        return await limits.Take(
            appId,
            countAtCodes,
            new Try(DefaultLimits.WrongCodesOfHandle, OfHandle(purpose, subject, client)),
            new Try(DefaultLimits.CodeTriesOfNetwork, $"{purpose}|{subject}|{asked}|{client.Network}"),
            new Try(DefaultLimits.CodesOfNetwork, client.Network));
    }

    /// <summary>A code was asked for: its own tries begin. Done for unknown handles too, which must look the same from outside.</summary>
    public Task Renew(DbConnection db, string appId, string purpose, string subject) => limits.Add(db, appId, Asked(purpose, subject), Numbered);

    /// <summary>After a right code, the day's wrong ones are forgotten.</summary>
    public async Task Clear(DbConnection db, string appId, string purpose, string subject, ClientAddress client)
    {
        await limits.Clear(db, DefaultLimits.WrongCodesOfHandle, appId, OfHandle(purpose, subject, client));
        await limits.GiveBack(db, DefaultLimits.CodesOfNetwork, appId, client.Network);
    }

    private static string Asked(string purpose, string subject) => $"asked|{purpose}|{subject}";

    private static string OfHandle(string purpose, string subject, ClientAddress client) => $"{purpose}|{subject}|{client.Network}";
}
