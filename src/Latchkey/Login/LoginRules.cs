using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Audit;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Messages;
using Latchkey.Passwords;
using Latchkey.Registration;
using Latchkey.Sessions;
using Latchkey.Tenancy;
using Latchkey.Users;

namespace Latchkey.Login;

/// <summary>
/// Login by e-mail address or user name. Whatever is wrong, the same work is done: one look-up, one counted try, one password
/// hash; so an answer's time tells no more than its code.
/// </summary>
public sealed class LoginRules(
    Database database,
    UserStore users,
    SignupStore signups,
    LoginTries tries,
    PasswordHasher hasher,
    SignIn signIn,
    AuditStore audit,
    Outbox outbox,
    Composer composer,
    TimeProvider clock)
{
    private const string Action = "login";

    public async Task<Result<LoginAnswer>> LogIn(AppCaller caller, string rawHandle, RawPassword password)
    {
        var application = caller.Application;
        var name = Handle.Normalise(rawHandle);
        var isAddress = name.Contains('@', StringComparison.Ordinal);
        if (!isAddress && !application.Settings.UserNamesEnabled)
        {
            return ErrorCodes.UserNamesOff;
        }

        var (user, pending) = await database.Read(async db => (
            await (isAddress ? users.ByHandle(db, application.Id, name) : users.ByUserName(db, application.Id, name)),
            isAddress ? await signups.NewestPending(db, application.Id, name, clock.Now()) : null));
        var taken = await tries.Take(application, user, name, caller.Client);
        if (taken.Error is { } tooMany)
        {
            return await Refuse(caller, name, tooMany);
        }

        var locked = taken.Value == LoginTry.Locked;
        var stored = user is null ? pending?.PasswordHash : locked ? null : user.PasswordHash;
        var prehashed = user?.PasswordPrehashed ?? pending?.PasswordPrehashed ?? true;
        var (match, busy) = await hasher.Verify(application.Id, stored, password.As(prehashed));
        if (busy is not null)
        {
            return await Refuse(caller, name, busy);
        }

        if (locked)
        {
            return await Refuse(caller, name, application.Settings.HideAccountExistence ? ErrorCodes.InvalidCredentials.Because("locked") : ErrorCodes.UserSuspended.Because("locked"));
        }

        if (!match!.Matches)
        {
            return await RefuseWrongPassword(caller, name, user, lastTry: taken.Value == LoginTry.Last);
        }

        return user switch
        {
            null => await Refuse(caller, name, ErrorCodes.NotVerified),
            { IsSuspended: true } => await Refuse(caller, name, ErrorCodes.UserSuspended),
            _ => await Succeed(caller, name, user, password, match.IsOutdated),
        };
    }

    private async Task<Result<LoginAnswer>> Succeed(AppCaller caller, string name, User user, RawPassword password, bool rehash)
    {
        var application = caller.Application;
        var fresh = rehash ? (await hasher.Hash(application.Id, password.As(user.PasswordPrehashed))).Value : null;
        var session = await database.Write<Result<Session>>(async db =>
        {
            // Read again under the transaction: a suspension or a new password that came while we hashed wins.
            if (await users.Find(db, application.Id, user.Id) is not { IsSuspended: false } now || now.PasswordHash != user.PasswordHash)
            {
                return ErrorCodes.InvalidCredentials.Because("the user changed meanwhile");
            }

            if (fresh is not null)
            {
                await users.SetPassword(db, application.Id, user.Id, user.PasswordHash, fresh, user.PasswordPrehashed, user.UpdatedAt);
            }

            await tries.Succeeded(db, application, name, caller.Client);
            await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
            return await signIn.Open(db, application, user, caller.Client.Address);
        });
        return session.Succeeded ? new LoggedIn(signIn.Tokens(application, user, session.Value)) : session.Error;
    }

    private async Task<Result<LoginAnswer>> RefuseWrongPassword(AppCaller caller, string name, User? user, bool lastTry)
    {
        await database.Write(async db =>
        {
            await Record(db, caller, name, ErrorCodes.InvalidCredentials);
            if (lastTry && user is not null && Handle.Stored(user.Handle) is { IsAnonymous: false })
            {
                var body = composer.Compose(caller.Application, MessageKind.UserLocked, user.Locale, new MacroValues(user.Handle, caller.Client.Address));
                await outbox.Put(db, caller.Application, user.Handle, MessageKind.UserLocked, body);
            }
        });
        outbox.Wake();
        return ErrorCodes.InvalidCredentials;
    }

    private async Task<Result<LoginAnswer>> Refuse(AppCaller caller, string name, Error error)
    {
        await database.Write(db => Record(db, caller, name, error));
        return error;
    }

    private Task Record(DbConnection db, AppCaller caller, string name, Error error) =>
        audit.Add(db, new AuditEntry(caller.Application.Id, Action, name, caller.Client.Address).Refused(error));
}

/// <summary>How a login went on.</summary>
public abstract record LoginAnswer;

public sealed record LoggedIn(SignedIn Tokens) : LoginAnswer;
