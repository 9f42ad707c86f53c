using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Locales;

namespace Latchkey.Api.Profile;

/// <summary>What users change about themselves.</summary>
public sealed class ProfileRules(Database database, UserStore users, AuditStore audit, TimeProvider clock)
{
    /// <summary>602 for an impossible name or when the user has one, 605 when it is taken.</summary>
    public async Task<Result<Done>> SetUserName(UserCaller caller, string raw)
    {
        if (UserName.Parse(raw).Failed(out var userName, out var refused))
        {
            return refused;
        }

        try
        {
            var set = await Change(
                caller,
                "setUserName",
                db => users.SetUserName(db, caller.Application.Id, caller.User.Id, userName, clock.Now())
            );
            return set ? default(Done) : ErrorCodes.InvalidData.WithCause("the user has a name");
        }
        catch (DbException e) when (database.Dialect.IsUniqueViolation(e, "user_name"))
        {
            return ErrorCodes.UserNameTaken;
        }
    }

    /// <summary>Whether the name is free in the application. An invalid name is not available.</summary>
    public async Task<bool> IsUserNameAvailable(UserCaller caller, string raw) =>
        UserName.Parse(raw) is { Succeeded: true } name
        && !await database.Read(db => users.UserNameExists(db, caller.Application.Id, name.Value.Text));

    public async Task<Result<Done>> SetLocale(UserCaller caller, string raw)
    {
        if (LocaleCodes.Resolve(caller.Application.Settings, raw).Failed(out var locale, out var refused))
        {
            return refused;
        }

        await Change(
            caller,
            "setLocale",
            async db =>
            {
                await users.SetLocale(db, caller.Application.Id, caller.User.Id, locale, clock.Now());
                return true;
            }
        );
        return default(Done);
    }

    public async Task<Result<Done>> SetMetadata(UserCaller caller, string json)
    {
        var fields = caller.Application.Settings.MetaData;
        return await database.Write<Result<Done>>(async db =>
        {
            // The stored values are read in the transaction that replaces them, so that two edits do not lose one another's.
            var user = await users.FindForUpdate(db, database.Dialect, caller.Application.Id, caller.User.Id);
            if (user is null)
            {
                return ErrorCodes.InvalidAccessToken;
            }

            if (Metadata.Edit(fields, user, json).Failed(out var edited, out var refused))
            {
                return refused;
            }

            await users.SetMetadata(db, user.AppId, user.Id, Metadata.Write(edited), clock.Now());
            await audit.Add(db, Entry(caller, "setUserMetadata"));
            return default(Done);
        });
    }

    private Task<bool> Change(UserCaller caller, string action, Func<DbConnection, Task<bool>> change) =>
        database.Write(async db =>
        {
            var changed = await change(db);
            if (changed)
            {
                await audit.Add(db, Entry(caller, action));
            }

            return changed;
        });

    private static AuditEntry Entry(UserCaller caller, string action) =>
        new(caller.Application.Id, action, caller.User.Handle, caller.Client.Address);
}
