using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>A user's sessions and pending codes.</summary>
public sealed class UserSessions(Database database, SessionStore sessions, UserCodeStore codes, UserChanges changes, TimeProvider clock)
{
    private const int MaxListed = 100;

    /// <summary>The newest 100 active sessions.</summary>
    public Task<IReadOnlyList<Session>> List(User user) =>
        database.Read(db => sessions.ListActive(db, user.AppId, user.Id, clock.Now(), MaxListed));

    /// <summary>The user's active codes; the code values are not stored.</summary>
    public Task<IReadOnlyList<UserCode>> ListCodes(User user) =>
        database.Read(db => codes.ListActive(db, user.AppId, user.Id, clock.Now(), MaxListed));

    /// <summary>The session's id for pages: the real id is part of a credential, so its hash is shown.</summary>
    public static string PublicId(Session session) => Secrets.Hash(session.Id);

    /// <summary>Ends one session; 603 when there is none with this id.</summary>
    public Task<Result<Done>> End(User user, string publicId, Actor actor) =>
        changes.Apply(
            user,
            "signOutUser",
            actor,
            async db =>
            {
                if (
                    (await sessions.ListActive(db, user.AppId, user.Id, clock.Now(), MaxListed)).FirstOrDefault(one =>
                        PublicId(one) == publicId
                    )
                    is not { } session
                )
                {
                    return ErrorCodes.AccountNotFound with { Message = "This session had already ended." };
                }

                await sessions.End(db, user.AppId, session.Id, clock.Now());
                return (Result<Done>)default(Done);
            }
        );
}
