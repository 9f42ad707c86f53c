using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Sessions;

/// <summary>
/// Takes a refresh token and moves its grant on, for the app and for clients of the provider. A token whose answer was lost, or that
/// several tabs send at once, gives the same successor again; one that comes back after its successor has been in use ends the session,
/// or the grant alone if it is a client's. See docs/sessions.md.
/// </summary>
public sealed class GrantRotation(
    Database database,
    SessionGrantStore store,
    SessionGrants grants,
    GrantEnds ends,
    SessionStore sessions,
    SessionUses uses,
    ActivityCounter activity,
    RefreshNotices notices,
    TimeProvider clock
)
{
    /// <summary>Each failed try means that another request moved the grant, so this many in a row mean a bug.</summary>
    private const int MaxTries = 100;

    /// <summary>A use this short before the idle end, in milliseconds, is written with the answer and not a few seconds later.</summary>
    private const long NearIdleEnd = 24 * 60 * 60_000;

    /// <summary>
    /// The grant with its newest generation. 711 for what is no refresh token of this client, 712 when the session has ended (with the
    /// reason in its message), 404 for a suspended user, or the error of <paramref name="check"/>.
    /// </summary>
    /// <param name="application">The application.</param>
    /// <param name="from">Where the request comes from.</param>
    /// <param name="clientId">The client that the token must be of; empty for the app itself.</param>
    /// <param name="text">The refresh token.</param>
    /// <param name="check">What else has to hold before anything changes. Null: nothing.</param>
    /// <param name="isOwner">Whether the request proves that its sender is the token's owner: a copy is then no theft.</param>
    public async Task<Result<GrantedSession>> Use(
        Application application,
        ClientAddress from,
        string clientId,
        string text,
        Func<GrantedSession, Error?>? check = null,
        Func<GrantedSession, bool>? isOwner = null,
        GrantedSession? read = null
    )
    {
        if (RefreshToken.Parse(text) is not { } token)
        {
            return ErrorCodes.InvalidRefreshToken;
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (
                ((tries == 0 ? read : null) ?? await database.Read(db => store.Find(db, application.Id, token.GrantId))) is not { } found
                || found.Grant.Client != clientId
                || !grants.IsIssuedBy(found.Grant, token)
            )
            {
                return ErrorCodes.InvalidRefreshToken;
            }

            if ((FindRefusal(found) ?? check?.Invoke(found)) is { } refused)
            {
                return refused;
            }

            var use = new RefreshUse(application, from, found, token, clock.Now(), isOwner?.Invoke(found) ?? false);
            if (use.Decision == RefreshDecision.Reused)
            {
                return clientId.Length == 0 ? await EndReused(use) : await EndReusedGrant(use);
            }

            var grant = use.Decision == RefreshDecision.Repeat ? found.Grant : await Rotate(use);
            if (grant is not null)
            {
                await notices.Record(use);
                uses.Note(found.Session);
                return found with { Grant = grant };
            }
        }

        throw new InvalidOperationException("a grant moved on at each of many tries");
    }

    private Error? FindRefusal(GrantedSession found) =>
        found.User.IsSuspended ? ErrorCodes.UserSuspended
        : found.Session.EndAt(clock.Now()) is { } end ? SessionEndTexts.Refusal(end.Reason)
        : found.Grant.EndedAt is not null ? ErrorCodes.InvalidRefreshToken.WithCause("the grant was revoked")
        : null;

    /// <summary>Commits the next generation, and returns it; null when another request was faster.</summary>
    private async Task<SessionGrant?> Rotate(RefreshUse use)
    {
        var (found, appId, now) = (use.Found, use.Application.Id, use.At);
        var (moved, next) = (false, found.Grant.Next(use.Token.Generation, now, use.Grace));
        var isFirstOfDay = ActivityCounter.IsFirstOfDay(found.User, now);
        await database.Write(async db =>
        {
            moved = false;
            if (isFirstOfDay)
            {
                await activity.Count(db, appId, found.User.Id, now);
            }

            if (found.Session.IdleExpiresAt - now < NearIdleEnd)
            {
                var idle = SessionUses.IdleLifetimeOf(use.Application.Settings);
                await sessions.RecordUse(db, appId, found.Session.Id, now, now + idle);
            }

            await store.Rotate(db, next, found.Grant.Generation, () => moved = true);
        });
        return moved ? next : null;
    }

    /// <summary>
    /// Ends the client's grant, and its session if that is its alone. The user's own session lives: a client cannot sign a user out.
    /// </summary>
    private async Task<Error> EndReusedGrant(RefreshUse use)
    {
        var (appId, grant) = (use.Application.Id, use.Found.Grant);
        var isFirst = await database.Write(async db =>
        {
            var ended = await ends.End(db, appId, grant.Id, new SessionEnd(SessionEndReason.RefreshTokenReused, use.From.Address, use.At));
            if (ended)
            {
                await notices.TellOfReuse(db, use, hasEndedSession: grant.OwnsSession);
            }

            return ended;
        });
        if (isFirst && grant.OwnsSession)
        {
            notices.Wake();
        }

        return ErrorCodes.InvalidRefreshToken.WithCause("a replaced refresh token came again, so the grant was ended");
    }

    /// <summary>Ends the session whose token somebody else has a copy of, and tells its user.</summary>
    private async Task<Error> EndReused(RefreshUse use)
    {
        var ended = await database.Write(async db =>
        {
            var end = new SessionEnd(SessionEndReason.RefreshTokenReused, use.From.Address, use.At);
            var isFirst = await sessions.EndOne(db, use.Application.Id, use.Found.Session.Id, end);
            if (isFirst)
            {
                await notices.TellOfReuse(db, use, hasEndedSession: true);
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
