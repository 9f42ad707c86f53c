using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>A user's sessions and pending codes.</summary>
public sealed class UserSessions(
    Database database,
    UserStore users,
    SessionStore sessions,
    UserCodeStore codes,
    UserCodes userCodes,
    UserChanges changes,
    TimeProvider clock
)
{
    private const int MaxListed = 100;

    /// <summary>The newest 100 live sessions, and the last 100 that ended in the last 30 days.</summary>
    public Task<(IReadOnlyList<Session> Live, IReadOnlyList<Session> Ended)> ListAll(User user)
    {
        var now = clock.Now();
        var since = now - (long)SessionStore.EndedRetention.TotalMilliseconds;
        return database.Read(async db =>
            (
                await sessions.ListActive(db, user.AppId, user.Id, now, MaxListed),
                await sessions.ListEnded(db, user.AppId, user.Id, now, since, MaxListed)
            )
        );
    }

    /// <summary>The user's active codes; the code values are not stored.</summary>
    public Task<IReadOnlyList<UserCode>> ListCodes(User user) =>
        database.Read(db => codes.ListActive(db, user.AppId, user.Id, clock.Now(), MaxListed));

    /// <summary>Ends one session for a developer, an operator or a server; 713 when there is no live one with this id.</summary>
    public Task<Result<Done>> End(User user, string publicId, Actor actor) => End(user, publicId, SessionEndReason.Operator, actor);

    /// <summary>
    /// Ends all sessions of a user but one, and pending logins. 405 when that one has ended: whoever asks by it may no longer.
    /// </summary>
    public Task<Result<Done>> EndOthers(User user, Session kept, Actor actor) =>
        changes.Apply(
            user,
            "endSession",
            actor,
            async Task<Result<Done>> (db) =>
            {
                // First, as a login does: a login that is being completed ends with this one, or is over before it.
                if (
                    await users.FindForUpdate(db, database.Dialect, user.AppId, user.Id) is null
                    || !await sessions.IsLive(db, user.AppId, kept.Id, clock.Now())
                )
                {
                    return ErrorCodes.InvalidAccessToken.WithCause("the session ended meanwhile");
                }

                SessionEnd end = new(SessionEndReason.SignedOutElsewhere, actor.Client, clock.Now());
                await sessions.EndAll(db, user.AppId, user.Id, end, except: kept.Id);
                await userCodes.EndLogins(db, user);
                return default(Done);
            }
        );

    /// <summary>Ends one session; 713 when there is no live one with this id.</summary>
    public Task<Result<Done>> End(User user, string publicId, SessionEndReason reason, Actor actor) =>
        changes.Apply(
            user,
            "endSession",
            actor,
            async Task<Result<Done>> (db) =>
            {
                var live = await sessions.ListActive(db, user.AppId, user.Id, clock.Now(), MaxListed);
                return
                    live.FirstOrDefault(one => one.PublicId == publicId) is { } session
                    && await sessions.EndOne(db, user.AppId, session.Id, new(reason, actor.Client, clock.Now()))
                    ? default(Done)
                    : ErrorCodes.SessionNotFound;
            }
        );
}
