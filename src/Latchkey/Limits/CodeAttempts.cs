using System.Data.Common;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>
/// Rate limits for guessing six-digit codes (docs/adr/0029-live-codes.md). The network that requested a code has five attempts at it. All
/// other networks together have 20 attempts a week at the codes of a handle and purpose, five each. So have, at each other's codes, all
/// networks that requested one. In addition: wrong attempts per handle, purpose and network in a day, and attempts per network over all
/// handles in an hour.
/// </summary>
public sealed class CodeAttempts(RateLimits limits, LimitStore store, TimeProvider clock)
{
    /// <summary>128 bits in base64url.</summary>
    private const int MinLinkTokenLength = 22;

    /// <summary>
    /// Whether the text is the token of a mailed link in place of a code. It cannot be guessed, so attempts are not counted.
    /// </summary>
    public static bool IsLinkToken(string text) => text.Length >= MinLinkTokenLength;

    /// <summary>
    /// Counts an attempt before the code is verified; 700 when the limit is reached. The value says which codes to compare with.
    /// </summary>
    /// <param name="appId">The application.</param>
    /// <param name="purpose">The purpose of the codes: signup, reset, invitation, phone, login.</param>
    /// <param name="subject">The requested handle, known or not.</param>
    /// <param name="client">The client.</param>
    public async Task<Result<CodeGuess>> TryAcquire(string appId, string purpose, string subject, ClientAddress client) =>
        limits.AreOn ? await limits.Acquire(appId, db => Acquire(db, appId, Key(purpose, subject), client.Network)) : CodeGuess.Unlimited;

    /// <summary>Gives the requesting network its attempts. Also done for unknown handles, to prevent user enumeration.</summary>
    public Task BeginNewCode(DbConnection db, string appId, string purpose, string subject, string network) =>
        limits.AreOn
            ? store.SetMarker(
                db,
                RateLimits.Bucket(DefaultLimits.AttemptsPerCodeAndNetwork, appId, $"{Key(purpose, subject)}|{network}"),
                clock.Now() + RateLimits.Milliseconds(DefaultLimits.AttemptsPerCodeAndNetwork.Window)
            )
            : Task.CompletedTask;

    /// <summary>After a correct code, resets the day's count of wrong codes.</summary>
    public async Task Clear(DbConnection db, string appId, string purpose, string subject, ClientAddress client, CodeGuess guess)
    {
        await limits.Clear(db, DefaultLimits.WrongCodesPerHandle, appId, $"{Key(purpose, subject)}|{client.Network}");
        await limits.Release(db, DefaultLimits.CodeAttemptsPerNetwork, appId, client.Network);
        if (guess.Counted is { } counted)
        {
            await limits.Release(db, counted, appId, Key(purpose, subject));
        }
    }

    private async Task<Result<CodeGuess>> Acquire(DbConnection db, string appId, string subject, string network)
    {
        var (now, own) = (clock.Now(), $"{subject}|{network}");
        var (perCode, perStranger) = (DefaultLimits.AttemptsPerCodeAndNetwork, DefaultLimits.StrangersGuessesPerNetwork);
        var requested = RateLimits.Bucket(perCode, appId, own);
        var counts = await db.QueryNumbers(
            store.SelectUnexpired(requested, now),
            store.AcquireFromMarker(requested, perCode.PermitLimit, now),
            store.AcquireFromWindow(perStranger, appId, own, now, unless: requested),
            store.AcquireFromWindow(DefaultLimits.WrongCodesPerHandle, appId, own, now),
            store.AcquireFromWindow(DefaultLimits.CodeAttemptsPerNetwork, appId, network, now)
        );
        var isRequester = counts[0] is not null;
        var refusing =
            isRequester && counts[1] is null ? perCode
            : !isRequester && counts[2] is null ? perStranger
            : counts[3] is null ? DefaultLimits.WrongCodesPerHandle
            : null;
        if (refusing is not null)
        {
            return await limits.Refuse(db, refusing, appId, own);
        }

        if (counts[4] is null)
        {
            return await limits.Refuse(db, DefaultLimits.CodeAttemptsPerNetwork, appId, network);
        }

        var ofOthers = isRequester ? DefaultLimits.RequestersGuesses : DefaultLimits.StrangersGuesses;
        var hasRoom = (await db.QueryNumbers(store.AcquireFromWindow(ofOthers, appId, subject, now)))[0] is not null;
        return hasRoom ? new CodeGuess(ofOthers)
            : isRequester ? new CodeGuess(Counted: null)
            : await limits.Refuse(db, ofOthers, appId, subject);
    }

    /// <summary>One for all spellings of a handle.</summary>
    private static string Key(string purpose, string subject) => $"{purpose}|{Handle.KeyOf(subject)}";
}
