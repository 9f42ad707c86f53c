using System.Data.Common;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>Uses codes up.</summary>
public sealed class CodeUses(
    Database database,
    CodeUseStore store,
    SessionGrantStore grants,
    GrantEnds ends,
    UserStore users,
    SessionStore sessions,
    OwnedSessionStore owned,
    SignIn signIn,
    ActivityCounter activity
)
{
    /// <summary>How long the trace of a code is kept that led to no tokens, in milliseconds.</summary>
    public const long TraceKept = 60 * 60_000;

    private static readonly Error Used = OAuthErrors.InvalidGrant.WithCause(
        "the code was used before, and the tokens that it led to were revoked; or the user has taken the consent back"
    );

    private static readonly Error Over = OAuthErrors.InvalidGrant.WithCause("the user, or the session of the code, is no longer in order");

    /// <summary>
    /// Stores the grant. Otherwise the code is worth nothing any more, and neither are the tokens of an earlier use: invalid_grant.
    /// </summary>
    public async Task<Error?> Use(CodeUse use)
    {
        var isFirstOfDay = ActivityCounter.IsFirstOfDay(use.Browser.User, use.Grant.CreatedAt);
        var refused =
            isFirstOfDay || use.IsBeside ? (await database.Write(db => Store(db, use, isFirstOfDay))).Error
            : await StoreAlone(use) ? null
            : Used;
        if (refused is not null)
        {
            await Burn(use.Grant with { SessionId = use.Browser.Session.Id });
        }

        return refused;
    }

    /// <summary>Makes the code worthless, and ends the grant of an earlier use.</summary>
    public Task Burn(SessionGrant grant) =>
        database.Write(async db =>
        {
            var now = grant.CreatedAt;
            if (!await grants.TryInsertTrace(db, grant with { SidSessionId = null, EndedAt = now, ExpiresAt = now + TraceKept }))
            {
                await ends.End(db, grant.AppId, grant.Id, new SessionEnd(SessionEndReason.SignedOut, "", now));
            }
        });

    private async Task<Result<Done>> Store(DbConnection db, CodeUse use, bool isFirstOfDay)
    {
        if (use.IsBeside && !await OpenBeside(db, use))
        {
            return Over;
        }

        if (!await store.TryInsert(db, use))
        {
            return Used;
        }

        await RemoveSurplus(db, use.Grant);
        if (isFirstOfDay)
        {
            await activity.Count(db, use.Grant.AppId, use.Browser.User.Id, use.Grant.CreatedAt);
        }

        return default(Done);
    }

    /// <summary>
    /// Opens the session beside that of the browser, in the place of an earlier one; false when the user or the browser's session has come
    /// to an end since they were read. Whoever ends them comes before, or waits and then ends the new one too.
    /// </summary>
    private async Task<bool> OpenBeside(DbConnection db, CodeUse use)
    {
        var (appId, browser, now) = (use.Grant.AppId, use.Browser.Session, use.Grant.CreatedAt);
        var user = await users.FindForUpdate(db, database.Dialect, appId, browser.UserId);
        if (user is null || user.IsSuspended || !await sessions.IsLive(db, appId, browser.Id, now))
        {
            return false;
        }

        var end = new SessionEnd(SessionEndReason.TooMany, use.Session.Client, now);
        await owned.EndBeside(db, appId, browser.Id, use.Client.Id, end);
        await signIn.StoreBeside(db, use.Session);
        return true;
    }

    /// <summary>As <see cref="Store"/>, where there is nothing else to store: one round trip.</summary>
    private async Task<bool> StoreAlone(CodeUse use)
    {
        var isFirst = false;
        await database.Write(async db =>
        {
            isFirst = false;
            await store.TryInsert(db, use, () => isFirst = true);
            await RemoveSurplus(db, use.Grant);
        });
        return isFirst;
    }

    /// <summary>Codes that can still come again keep their grants.</summary>
    private Task RemoveSurplus(DbConnection db, SessionGrant grant) =>
        grants.RemoveSurplus(db, grant, grant.CreatedAt - (long)AuthorizationCodes.Lifetime.TotalMilliseconds);
}
