using System.Data.Common;
using Latchkey.Audit;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages;
using Latchkey.Passwords;
using Latchkey.Sessions;
using Latchkey.Tenancy;
using Latchkey.Users;

namespace Latchkey.PasswordReset;

/// <summary>Setting a new password with the mailed code. Whoever has the code owns the address, so nothing of others survives.</summary>
public sealed class ResetPassword(Database database, UserStore users, SessionStore sessions, UserCodeStore codeStore, UserCodes codes, CodeTries tries, PasswordHasher hasher, Outbox outbox, Composer composer, AuditStore audit, TimeProvider clock)
{
    private const string Action = "resetPassword";

    /// <summary>602 for a wrong, used or expired code or an unknown handle, 606 when names are off, 702 below the policy, 700 after too many tries.</summary>
    public async Task<Result<Done>> Reset(AppCaller caller, string rawHandle, RawPassword password, string code)
    {
        var name = Handle.Normalise(rawHandle);
        var result = await Try(caller, name, password, code);
        outbox.Wake();
        return result;
    }

    private async Task<Result<Done>> Try(AppCaller caller, string name, RawPassword password, string code)
    {
        var application = caller.Application;
        var isAddress = name.Contains('@', StringComparison.Ordinal);
        if (!isAddress && !application.Settings.UserNamesEnabled)
        {
            return ErrorCodes.UserNamesOff;
        }

        if (!CodeTries.IsCode(code))
        {
            return ErrorCodes.InvalidData.Because("not a code");
        }

        var (input, badPassword) = PasswordPolicy.Accept(application.Settings, password);
        if (badPassword is not null)
        {
            return badPassword;
        }

        var (user, row, newest) = await Find(application.Id, name, isAddress, code);
        if (await tries.Take(application.Id, CodePurpose.Reset, user?.Handle ?? name, newest, caller.Client) is { } tooMany)
        {
            return tooMany;
        }

        if (user is null || row is null)
        {
            return ErrorCodes.InvalidData.Because("wrong code or handle");
        }

        var (hash, busy) = await hasher.Hash(application.Id, input);
        return busy is not null ? busy : await database.Write(db => Store(db, caller, user, row, hash!, input.Prehashed, name));
    }

    private Task<(User? User, UserCode? Row, string? Newest)> Find(string appId, string name, bool isAddress, string code) =>
        database.Read<(User?, UserCode?, string?)>(async db =>
        {
            var user = await (isAddress ? users.ByHandle(db, appId, name) : users.ByUserName(db, appId, name));
            return user is null
                ? (null, null, null)
                : (user, await codes.Find(db, user, CodePurpose.Reset, code), (await codeStore.Newest(db, appId, user.Id, CodePurpose.Reset, clock.Now()))?.Id);
        });

    private async Task<Result<Done>> Store(DbConnection db, AppCaller caller, User user, UserCode row, string hash, bool prehashed, string name)
    {
        var (application, now) = (caller.Application, clock.Now());
        if (!await codeStore.Use(db, application.Id, row.Id, now))
        {
            return ErrorCodes.InvalidData.Because("the code was used");
        }

        await codeStore.EndAll(db, application.Id, user.Id, now);
        await users.SetPassword(db, application.Id, user.Id, null, hash, prehashed, now);
        await users.ConfirmAddress(db, application.Id, user.Id, keepsTwoFactor: application.Settings.ResetKeepsTwoFactor, now);
        await sessions.EndAll(db, application.Id, user.Id, now);
        await tries.Clear(db, application.Id, CodePurpose.Reset, user.Handle, caller.Client);
        var body = composer.Compose(application, MessageKind.PasswordChanged, user.Locale, new MacroValues(user.Handle, caller.Client.Address));
        await outbox.Put(db, application, user.Handle, MessageKind.PasswordChanged, body);
        await audit.Add(db, new AuditEntry(application.Id, Action, name, caller.Client.Address));
        return default(Done);
    }
}
