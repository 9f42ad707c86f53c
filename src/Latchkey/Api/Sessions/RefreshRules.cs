using System.Data.Common;
using Latchkey.Activity.Usage;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Sessions;

/// <summary>
/// refresh: a refresh token gives new tokens and its successor. A token whose answer was lost, or that several tabs send at once, gives the
/// same successor again; one that comes back after its successor has been in use ends the session. See docs/sessions.md.
/// </summary>
public sealed class RefreshRules(
    Database database,
    SessionGrantStore store,
    SessionGrants grants,
    SessionStore sessions,
    SessionUses uses,
    UserStore users,
    UsageStore usage,
    SignIn signIn,
    RefreshNotices notices,
    TimeProvider clock
)
{
    /// <summary>Each failed try means that another request moved the grant, so this many in a row mean a bug.</summary>
    private const int MaxTries = 100;

    /// <summary>A use this short before the idle end, in milliseconds, is written with the answer and not a few seconds later.</summary>
    private const long NearIdleEnd = 24 * 60 * 60_000;

    /// <summary>
    /// 711 for what is no refresh token of this application, 712 when the session has ended (with the reason in its message), 404 for a
    /// suspended user.
    /// </summary>
    public async Task<Result<TokenResponse>> Refresh(AppCaller caller, string text)
    {
        var application = caller.Application;
        if (RefreshToken.Parse(text) is not { } token)
        {
            return ErrorCodes.InvalidRefreshToken;
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await database.Read(db => store.Find(db, application.Id, token.GrantId)) is not { } found || !IsOfApp(found.Grant, token))
            {
                return ErrorCodes.InvalidRefreshToken;
            }

            if (FindRefusal(found) is { } refused)
            {
                return refused;
            }

            var (now, grace) = (clock.Now(), TimeSpan.FromSeconds(application.Settings.RefreshGraceSeconds));
            var decision = found.Grant.Decide(token.Generation, now, grace);
            if (decision == RefreshDecision.Reused)
            {
                return await EndReused(caller, found, token, now);
            }

            var grant = decision == RefreshDecision.Repeat ? found.Grant : await Rotate(application, found, token, now, grace);
            if (grant is not null)
            {
                await notices.Record(caller, found, token, decision, now);
                uses.Note(found.Session);
                return signIn.IssueTokens(application, found.User, found.Session with { Grant = grant }, isNew: false);
            }
        }

        throw new InvalidOperationException("a grant moved on at each of many tries");
    }

    private bool IsOfApp(SessionGrant grant, RefreshToken token) => grant.Client.Length == 0 && grants.IsIssuedBy(grant, token);

    private Error? FindRefusal(GrantedSession found) =>
        found.User.IsSuspended ? ErrorCodes.UserSuspended
        : found.Session.EndAt(clock.Now()) is { } end ? SessionEndTexts.Refusal(end.Reason)
        : null;

    /// <summary>Commits the next generation, and returns it; null when another request was faster.</summary>
    private async Task<SessionGrant?> Rotate(Application application, GrantedSession found, RefreshToken token, long now, TimeSpan grace)
    {
        var (moved, next) = (false, found.Grant.Next(token.Generation, now, grace));
        var isFirstOfDay = UserActivity.UsageKindsFor(UserActivity.LastSeen(found.User), now).Any();
        await database.Write(async db =>
        {
            moved = false;
            if (isFirstOfDay)
            {
                await CountActivity(db, application, found, now);
            }

            if (found.Session.IdleExpiresAt - now < NearIdleEnd)
            {
                await sessions.RecordUse(db, application.Id, found.Session.Id, now, now + SessionUses.IdleLifetimeOf(application.Settings));
            }

            await store.Rotate(db, next, found.Grant.Generation, () => moved = true);
        });
        return moved ? next : null;
    }

    /// <summary>Counts the user's first activity of a day, once however many sessions are refreshed at the moment.</summary>
    private async Task CountActivity(DbConnection db, Application application, GrantedSession found, long now)
    {
        if (await users.FindForUpdate(db, database.Dialect, application.Id, found.User.Id) is not { } user)
        {
            return;
        }

        string[] kinds = [.. UserActivity.UsageKindsFor(UserActivity.LastSeen(user), now)];
        if (kinds.Length > 0)
        {
            await users.RecordActivity(db, application.Id, user.Id, now);
            await usage.CountActivity(db, application.Id, user.Id, now, kinds);
        }
    }

    /// <summary>Ends the session whose token somebody else has a copy of, and tells its user.</summary>
    private async Task<Error> EndReused(AppCaller caller, GrantedSession found, RefreshToken token, long now)
    {
        var ended = await database.Write(async db =>
        {
            var end = new SessionEnd(SessionEndReason.RefreshTokenReused, caller.Client.Address, now);
            var isFirst = await sessions.EndOne(db, caller.Application.Id, found.Session.Id, end);
            if (isFirst)
            {
                await notices.TellOfReuse(db, caller, found, token, now);
            }

            return isFirst;
        });
        if (ended)
        {
            notices.Wake();
        }

        return SessionEndTexts.Refusal(SessionEndReason.RefreshTokenReused);
    }
}
