using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>Where a user is logged in, and what waits for a code of it.</summary>
public sealed class UserSessions(Database database, SessionStore sessions, UserCodeStore codes, UserChanges changes, TimeProvider clock)
{
    private const int MaxListed = 100;

    /// <summary>The newest hundred.</summary>
    public Task<IReadOnlyList<Session>> List(User user) =>
        database.Read(db => sessions.ListActive(db, user.AppId, user.Id, clock.Now(), MaxListed));

    /// <summary>What the user was sent a code for and has not used; never the codes.</summary>
    public Task<IReadOnlyList<UserCode>> ListCodes(User user) =>
        database.Read(db => codes.ListActive(db, user.AppId, user.Id, clock.Now(), MaxListed));

    /// <summary>What a page calls a session: its id is part of a credential.</summary>
    public static string PublicId(Session session) => Secrets.Hash(session.Id);

    /// <summary>Ends one session; 603 when there is none that is called so.</summary>
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
