using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users.Identities;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>
/// The people at providers whom a user signs in as, for the user, for the portal, for servers and for the command line.
/// </summary>
public sealed class UserIdentities(
    Database database,
    UserStore users,
    UserIdentityStore identities,
    SessionStore sessions,
    UserCodes codes,
    SecurityNotifications notifications,
    UserChanges changes,
    TimeProvider clock
)
{
    /// <summary>A user has so many at most.</summary>
    public const int MaxOfUser = 10;

    private const string Action = "unlink";

    /// <summary>The user's identities, oldest first.</summary>
    public Task<IReadOnlyList<UserIdentity>> List(User user) => database.Read(db => identities.List(db, user.AppId, user.Id));

    /// <summary>Unlinks one for a developer, an operator or a server, as <see cref="Unlink"/> does.</summary>
    public Task<Result<Done>> Unlink(Application application, User user, string id, Actor actor) =>
        Unlink(application, user, id, SessionEndReason.Operator, actor);

    /// <summary>
    /// Unlinks one, ends the sessions that were signed in to with a provider, and tells the user by mail. 742 when the user does not
    /// have it, 719 when it is the last way in.
    /// </summary>
    /// <param name="reason">Why the sessions end.</param>
    /// <param name="keptSession">The id of a session that stays; empty for none.</param>
    public Task<Result<Done>> Unlink(
        Application application,
        User user,
        string id,
        SessionEndReason reason,
        Actor actor,
        string keptSession = ""
    ) =>
        changes.Apply(
            user,
            Action,
            actor,
            async Task<Result<Done>> (db) =>
            {
                if (await users.FindForUpdate(db, database.Dialect, user.AppId, user.Id) is not { } locked)
                {
                    return ErrorCodes.AccountNotFound;
                }

                if (keptSession.Length > 0 && !await sessions.IsLive(db, locked.AppId, keptSession, clock.Now()))
                {
                    return ErrorCodes.InvalidAccessToken.WithCause("the session ended meanwhile");
                }

                var all = await identities.List(db, locked.AppId, locked.Id);
                if (all.FirstOrDefault(one => one.Id == id) is not { } removed)
                {
                    return ErrorCodes.LinkNotFound;
                }

                List<UserIdentity> kept = [.. all.Where(one => one != removed)];
                var left = locked with { LoginProvider = LoginProviderWithout(removed, locked, kept) };
                if (WaysIn.Count(application, left, kept) == 0)
                {
                    return ErrorCodes.LastWayIn;
                }

                await identities.Remove(db, locked.AppId, locked.Id, removed.Id);
                if (left != locked)
                {
                    await users.SetLoginProvider(db, locked.AppId, locked.Id, left.LoginProvider, clock.Now());
                }

                await sessions.EndFederated(db, locked.AppId, locked.Id, new(reason, actor.Client, clock.Now()), keptSession);
                await codes.EndLogins(db, locked);
                await notifications.Send(
                    db,
                    application,
                    locked,
                    MessageKind.IdentityUnlinked,
                    reason == SessionEndReason.Operator ? application.Name : actor.Client,
                    removed.Provider
                );
                return default(Done);
            }
        );

    /// <summary>
    /// How the user signs in without an identity. It must not stay the provider of the last one that was removed: the address would bring
    /// that one back, as it does for an imported user.
    /// </summary>
    private static string LoginProviderWithout(UserIdentity removed, User user, List<UserIdentity> kept) =>
        user.LoginProvider != removed.Provider || kept.Exists(one => one.Provider == removed.Provider) ? user.LoginProvider
        : user.PasswordHash is null ? kept.Select(one => one.Provider).FirstOrDefault("")
        : "";
}
