using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>A user's passkeys, for the user, for the portal, for servers and for the command line.</summary>
public sealed class UserPasskeys(
    Database database,
    PasskeyStore store,
    UserStore users,
    UserRecoveryCodes recoveryCodes,
    RememberedDevices devices,
    SecurityNotifications notifications,
    UserChanges changes
)
{
    public const int MaxNameLength = 64;
    private static readonly Error BadName = ErrorCodes.InvalidData with
    {
        Message = $"a name has 1 to {MaxNameLength} characters on one line, and no link",
    };

    /// <summary>A user's name for a passkey; 602 if it is empty, too long or holds a link.</summary>
    public static Result<string> ParseName(string raw) => DisplayName.ParsePerson(raw, MaxNameLength) is { } name ? name : BadName;

    public Task<PasskeyList> List(string appId, User user) =>
        database.Read(async db => new PasskeyList(await store.List(db, appId, user.Id), await store.FindUserHandle(db, appId, user.Id)));

    /// <summary>602 for a bad name, 718 when the user has no such passkey.</summary>
    public Task<Result<Done>> Rename(User user, string id, string raw, Actor actor) =>
        ParseName(raw).Failed(out var name, out var refused)
            ? Task.FromResult<Result<Done>>(refused)
            : changes.Apply(
                user,
                "passkeyRename",
                actor,
                async Task<Result<Done>> (db) =>
                    await store.Rename(db, user.AppId, user.Id, id, name) ? default(Done) : ErrorCodes.PasskeyNotFound
            );

    /// <summary>
    /// Deletes a passkey for a developer, an operator or a server, also the user's last way in, and tells the user by mail. 718 when there
    /// is none.
    /// </summary>
    public Task<Result<Done>> Delete(Application application, User user, string id, Actor actor) =>
        Delete(application, user, id, actor, refuse: (_, _) => Task.FromResult<Error?>(null));

    /// <summary>
    /// As above, unless <paramref name="refuse"/> objects, which is asked with the user's row locked if the passkey can be used.
    /// </summary>
    public Task<Result<Done>> Delete(
        Application application,
        User user,
        string id,
        Actor actor,
        Func<DbConnection, User, Task<Error?>> refuse
    ) =>
        changes.Apply(
            user,
            "passkeyDelete",
            actor,
            async Task<Result<Done>> (db) =>
            {
                if (await users.FindForUpdate(db, database.Dialect, user.AppId, user.Id) is not { } locked)
                {
                    return ErrorCodes.PasskeyNotFound;
                }

                var settings = application.Settings;
                if ((await store.List(db, user.AppId, user.Id)).FirstOrDefault(one => one.Id == id) is not { } passkey)
                {
                    return ErrorCodes.PasskeyNotFound;
                }

                var isUsable = passkey.RpId == settings.PasskeyRpId;
                if (isUsable && await refuse(db, locked) is { } refused)
                {
                    return refused;
                }

                await store.Delete(db, user.AppId, user.Id, id, settings.PasskeyRpId);
                if (
                    isUsable
                    && locked.HasSecondFactor(settings)
                    && !(locked with { PasskeyCount = locked.PasskeyCount - 1 }).HasSecondFactor(settings)
                )
                {
                    await recoveryCodes.RemoveAll(db, user); // they stood for the last factor
                    await devices.RemoveAll(db, user);
                }

                var client = actor.Name == AuditEntry.ByUser ? actor.Client : application.Name;
                await notifications.Send(db, application, user, MessageKind.PasskeyRemoved, client);
                return default(Done);
            }
        );
}
