using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>Administration of an application's users by developers and operators, for the portal and the command line.</summary>
public sealed class UserAdministration(
    Database database,
    UserStore users,
    SessionStore sessions,
    UserCodes codes,
    UserErasure erasure,
    UserChanges changes,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>One page of users, newest first, and the cursor of the next page (null on the last).</summary>
    public async Task<(IReadOnlyList<User> Users, string? Next)> List(string appId, string search, string status, string? cursor, int size)
    {
        if (!Field.IsStorable(search))
        {
            return ([], null); // no stored text can contain it
        }

        // An invalid cursor starts at the first page
        var after = PageCursor.Decode(cursor) ?? new PageCursor(0, long.MaxValue, "");
        var page = await database.Read(db =>
            users.Page(db, appId, new UserQuery(Handle.Normalise(search), status, after.Number, after.Text), size)
        );
        return page.Count <= size
            ? (page, null)
            : ([.. page.Take(size)], new PageCursor(0, page[size - 1].CreatedAt, page[size - 1].Id).Encoded);
    }

    public Task<long> Count(string appId) => database.Read(db => users.Count(db, appId));

    /// <summary>
    /// Finds a user by id, e-mail address, anonymous handle or user name. Text in the form of an id is only looked up as an id, because a
    /// user name may equal the id of a deleted user.
    /// </summary>
    public Task<User?> Find(string appId, string idOrName) =>
        Guid.TryParseExact(idOrName.Trim(), "D", out _) ? FindById(appId, idOrName.Trim())
        : !Field.IsStorable(idOrName) ? Task.FromResult<User?>(null)
        : database.Read(async db =>
            await users.Find(db, appId, idOrName.Trim())
            ?? await users.FindByHandle(
                db,
                appId,
                Handle.FromStored(idOrName.Trim()).IsAnonymous ? idOrName.Trim() : Handle.Normalise(idOrName)
            )
            ?? await users.FindByUserName(db, appId, idOrName.Trim().ToLowerInvariant())
        );

    /// <summary>Finds a user by a name as logs and messages have it: a handle, a user name or a phone number.</summary>
    public Task<User?> FindByName(string appId, string name) =>
        !Field.IsStorable(name) || name.Length == 0
            ? Task.FromResult<User?>(null)
            : database.Read(async db =>
                await users.FindByHandle(db, appId, Handle.FromStored(name).IsAnonymous ? name : Handle.Normalise(name))
                ?? await users.FindByUserName(db, appId, name.ToLowerInvariant())
                ?? await users.FindByPhone(db, appId, name)
            );

    /// <summary>Finds a user by an e-mail address as it was typed.</summary>
    public Task<User?> FindByHandle(string appId, string typed) =>
        Field.IsStorable(typed)
            ? database.Read(db => users.FindByHandle(db, appId, Handle.Normalise(typed)))
            : Task.FromResult<User?>(null);

    /// <summary>
    /// Some users whose handle or user name begins with what was typed, or the one with this id. Anonymous ones are left out.
    /// </summary>
    public async Task<IReadOnlyList<User>> FindByPrefix(string appId, string typed, int limit)
    {
        var prefix = Handle.Normalise(typed);
        return prefix.Length > 0 && Field.IsStorable(typed) ? await database.Read(db => users.FindByPrefix(db, appId, prefix, limit)) : [];
    }

    /// <summary>Finds a user by id only, for portal URLs.</summary>
    public Task<User?> FindById(string appId, string id) =>
        Field.IsStorable(id) ? database.Read(db => users.Find(db, appId, id)) : Task.FromResult<User?>(null);

    /// <summary>Suspends the user and ends all sessions; the next request of the user is refused.</summary>
    public Task<Result<Done>> Suspend(User user, Actor actor, AlongsideChange? alongside = null) =>
        changes.Apply(
            user,
            "suspendUser",
            actor,
            async db =>
            {
                await users.SetStatus(db, user.AppId, user.Id, UserStatus.Suspended, clock.Now());
                await sessions.EndAll(db, user.AppId, user.Id, new(SessionEndReason.Suspended, actor.Client, clock.Now()));
                await codes.EndAll(db, user);
            },
            alongside
        );

    /// <summary>Activates the user. Ended sessions stay ended.</summary>
    public Task<Result<Done>> Activate(User user, Actor actor, AlongsideChange? alongside = null) =>
        changes.Apply(
            user,
            "activateUser",
            actor,
            db => users.SetStatus(db, user.AppId, user.Id, UserStatus.Active, clock.Now()),
            alongside
        );

    /// <summary>Deletes the user and everything that names the person; see <see cref="UserErasure"/>.</summary>
    public Task<Result<Done>> Delete(User user, Actor actor, AlongsideChange? alongside = null) =>
        changes.Apply(user with { Handle = user.Id }, "deleteUser", actor, db => erasure.Erase(db, user), alongside);

    /// <summary>
    /// Erases what the application keeps about an address, whether or not a user has it, when a person asks for it. 602 for text that is no
    /// address.
    /// </summary>
    public async Task<Result<Done>> EraseAddress(string appId, string raw, Actor actor)
    {
        if (await Find(appId, raw) is { } user)
        {
            return await Delete(user, actor);
        }

        if (Handle.ParseEmail(raw).Failed(out var handle, out var notAnAddress))
        {
            return notAnAddress;
        }

        await database.Write(async db =>
        {
            await erasure.EraseAddress(db, appId, handle.Text);
            await audit.Add(db, new AuditEntry(appId, "eraseAddress", "", actor));
        });
        return default(Done);
    }

    /// <summary>Forgets the wrong passwords and codes that locked the user (<see cref="User.IsLocked"/>).</summary>
    public Task<Result<Done>> Unlock(User user, Actor actor, AlongsideChange? alongside = null) =>
        changes.Apply(user, "unlockUser", actor, db => users.ResetFailures(db, user.AppId, user.Id), alongside);

    /// <summary>Ends all sessions and pending second-factor logins of the user.</summary>
    public Task<Result<Done>> SignOut(User user, Actor actor, AlongsideChange? alongside = null) =>
        changes.Apply(
            user,
            "signOutUser",
            actor,
            async db =>
            {
                // First, as a login does: a login that is being completed ends with this one, or is over before it.
                await users.FindForUpdate(db, database.Dialect, user.AppId, user.Id);
                await sessions.EndAll(db, user.AppId, user.Id, new(SessionEndReason.Operator, actor.Client, clock.Now()));
                await codes.EndLogins(db, user);
            },
            alongside
        );
}
