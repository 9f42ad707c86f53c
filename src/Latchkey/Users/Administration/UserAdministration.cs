using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>What developers and operators do with an application's users; the portal and the command line both call it.</summary>
public sealed class UserAdministration(
    Database database,
    UserStore users,
    SessionStore sessions,
    UserCodeStore codeStore,
    SignupStore signups,
    UserChanges changes,
    TimeProvider clock
)
{
    /// <summary>A page of users, newest first, and the cursor of the next one (null on the last).</summary>
    public async Task<(IReadOnlyList<User> Users, string? Next)> List(string appId, string search, string status, string? cursor, int size)
    {
        if (!Field.IsStorable(search))
        {
            return ([], null); // no stored text holds what a text cannot hold
        }

        // A cursor that nobody gave out starts at the first page
        var after = PageCursor.Decode(cursor) ?? new PageCursor(0, long.MaxValue, "");
        var page = await database.Read(db => users.Page(db, appId, new UserQuery(search, status, after.Number, after.Text), size));
        return page.Count <= size
            ? (page, null)
            : ([.. page.Take(size)], new PageCursor(0, page[size - 1].CreatedAt, page[size - 1].Id).Encoded);
    }

    public Task<long> Count(string appId) => database.Read(db => users.Count(db, appId));

    /// <summary>
    /// By id, e-mail address, anonymous handle or user name. What looks like one of our ids is one: a user may name itself like another who
    /// is gone.
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

    /// <summary>By an e-mail address as it was typed.</summary>
    public Task<User?> FindByHandle(string appId, string typed) =>
        Field.IsStorable(typed)
            ? database.Read(db => users.FindByHandle(db, appId, Handle.Normalise(typed)))
            : Task.FromResult<User?>(null);

    /// <summary>By its id and nothing else: what a URL of the portal names.</summary>
    public Task<User?> FindById(string appId, string id) =>
        Field.IsStorable(id) ? database.Read(db => users.Find(db, appId, id)) : Task.FromResult<User?>(null);

    /// <summary>The user is out at its next request, and stays out.</summary>
    public Task<Result<Done>> Suspend(User user, Actor actor) =>
        changes.Apply(
            user,
            "suspendUser",
            actor,
            async db =>
            {
                await users.SetStatus(db, user.AppId, user.Id, UserStatus.Suspended, clock.Now());
                await sessions.EndAll(db, user.AppId, user.Id, clock.Now());
                await codeStore.EndAll(db, user.AppId, user.Id, clock.Now());
            }
        );

    /// <summary>The user may log in again; no old session comes back.</summary>
    public Task<Result<Done>> Activate(User user, Actor actor) =>
        changes.Apply(user, "activateUser", actor, db => users.SetStatus(db, user.AppId, user.Id, UserStatus.Active, clock.Now()));

    public Task<Result<Done>> Delete(User user, Actor actor) =>
        changes.Apply(
            user,
            "deleteUser",
            actor,
            async db =>
            {
                await users.Delete(db, user.AppId, user.Id);
                await signups.DeleteByHandle(db, user.AppId, user.Handle);
            }
        );

    /// <summary>Forgets the wrong passwords that locked the user (<c>maxLoginAttempts</c>).</summary>
    public Task<Result<Done>> Unlock(User user, Actor actor) =>
        changes.Apply(user, "unlockUser", actor, db => users.ResetFailedLogins(db, user.AppId, user.Id));

    /// <summary>Ends every session of the user and every login that waits for its second step.</summary>
    public Task<Result<Done>> SignOut(User user, Actor actor) =>
        changes.Apply(
            user,
            "signOutUser",
            actor,
            async db =>
            {
                await sessions.EndAll(db, user.AppId, user.Id, clock.Now());
                await codeStore.EndAll(db, user.AppId, user.Id, clock.Now(), CodePurpose.Login);
            }
        );

    /// <summary>
    /// Turns the second step of logging in off, for someone who lost the phone; the number stays, the authenticator's secret goes.
    /// </summary>
    public Task<Result<Done>> ResetSecondFactor(User user, Actor actor) =>
        changes.Apply(
            user,
            "resetSecondFactor",
            actor,
            async db =>
            {
                await users.SetTotp(db, user.AppId, user.Id, null, clock.Now());
                await users.SetTwoFactorPhone(db, user.AppId, user.Id, on: false, clock.Now());
                await codeStore.EndAll(db, user.AppId, user.Id, clock.Now(), CodePurpose.Login);
            }
        );
}
