using Latchkey.Audit;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Login;
using Latchkey.Passwords;
using Latchkey.Registration;
using Latchkey.Tenancy;
using Latchkey.Users;

namespace Latchkey.Profile;

/// <summary>A user's own deletion: proof once more of who it is, then the user, its sessions and its codes are gone.</summary>
public sealed class DeleteAccount(Database database, UserStore users, SignupStore signups, LoginTries tries, PasswordHasher hasher, AuditStore audit)
{
    private const string Action = "deleteAccount";

    /// <summary>403 without what proves the user, 600 when it proves another or is wrong, 700 after too many tries.</summary>
    public async Task<Result<Done>> Delete(UserCaller caller, string? handle, RawPassword? password)
    {
        var refused = await Refusal(caller, handle, password);
        if (refused is not null)
        {
            await database.Write(db => audit.Add(db, Entry(caller).Refused(refused)));
            return refused;
        }

        await database.Write(async db =>
        {
            await users.Delete(db, caller.Application.Id, caller.User.Id);
            await signups.DeleteOf(db, caller.Application.Id, caller.User.Handle);
            await tries.Succeeded(db, caller.Application, caller.User.Handle, caller.Client);
            await audit.Add(db, Entry(caller));
        });
        return default(Done);
    }

    private async Task<Error?> Refusal(UserCaller caller, string? handle, RawPassword? password)
    {
        var user = caller.User;
        if (handle is null)
        {
            return ErrorCodes.MissingParameter.Because("handle");
        }

        if (user.Anonymous)
        {
            return handle.Trim() == user.Handle ? null : ErrorCodes.InvalidCredentials.Because("another handle");
        }

        return password is null ? ErrorCodes.MissingParameter.Because("password") : await PasswordRefusal(caller, Handle.Normalise(handle), password.Value);
    }

    private async Task<Error?> PasswordRefusal(UserCaller caller, string name, RawPassword password)
    {
        var (application, user) = (caller.Application, caller.User);
        var taken = await tries.Take(application, user, user.Handle, caller.Client);
        if (taken.Error is { } tooMany)
        {
            return tooMany;
        }

        var isOwn = (name == user.Handle || name == user.UserName) && taken.Value != LoginTry.Locked;
        var (match, busy) = await hasher.Verify(application.Id, isOwn ? user.PasswordHash : null, password.As(user.PasswordPrehashed));
        return busy ?? (match!.Matches ? null : ErrorCodes.InvalidCredentials);
    }

    private static AuditEntry Entry(UserCaller caller) => new(caller.Application.Id, Action, caller.User.Handle, caller.Client.Address);
}
