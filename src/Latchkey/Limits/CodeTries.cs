using System.Data.Common;
using Latchkey.Contract;

namespace Latchkey.Limits;

/// <summary>Bounds the guessing of six digits: per code and network, per code in all, and per handle, purpose and network over all codes of a day.</summary>
public sealed class CodeTries(RateLimits limits)
{
    public const int Digits = 6;

    /// <summary>Six digits; anything else is wrong before it is counted.</summary>
    public static bool IsCode(string text) => text.Length == Digits && text.All(char.IsAsciiDigit);

    /// <summary>Counts a try before it is evaluated; 700 when there is none left.</summary>
    /// <param name="appId">The application.</param>
    /// <param name="purpose">What the codes are for: signup, reset, invitation, login, phone.</param>
    /// <param name="subject">Whose code: the normalised handle.</param>
    /// <param name="codeId">The code that is out now; null when there is none, which must look the same from outside.</param>
    /// <param name="client">Who tries.</param>
    public Task<Error?> Take(string appId, string purpose, string subject, string? codeId, ClientAddress client) =>
        limits.Take(
            appId,
            new Try(DefaultLimits.WrongCodesOfHandle, OfHandle(purpose, subject, client)),
            new Try(DefaultLimits.CodeTriesOfNetwork, $"{purpose}|{subject}|{codeId}|{client.Network}"),
            new Try(DefaultLimits.CodeTries, $"{purpose}|{subject}|{codeId}"));

    /// <summary>After a right code, the day's wrong ones are forgotten.</summary>
    public Task Clear(DbConnection db, string appId, string purpose, string subject, ClientAddress client) =>
        limits.Clear(db, DefaultLimits.WrongCodesOfHandle, appId, OfHandle(purpose, subject, client));

    private static string OfHandle(string purpose, string subject, ClientAddress client) => $"{purpose}|{subject}|{client.Network}";
}
