using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.SocialLogin;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;

namespace Latchkey.Api.Profile;

/// <summary>A user's own deletion: proof once more of who it is, then the user, its sessions and its codes are gone.</summary>
public sealed class DeleteAccount(Database database, UserStore users, SignupStore signups, LoginTries tries, PasswordHasher hasher, IdTokens idTokens, AuditStore audit, TimeProvider clock)
{
    /// <summary>How old an ID token may be that proves who wants to go.</summary>
    private const long FreshSeconds = 3600;

    private const string Action = "deleteAccount";

    /// <summary>403 without what proves such a user: an ID token, a handle, or a handle and a password.</summary>
    public static Error? Missing(User user, string? handle, string? password, string? token)
    {
        var missing = ProvesByToken(user) ? (token is null ? "token" : null)
            : handle is null ? "handle"
            : password is null && ProvesByPassword(user) ? "password"
            : null;
        return missing is null ? null : ErrorCodes.MissingParameter.Because(missing);
    }

    /// <summary>600 (613 for an ID token) when what proves the user proves another or is wrong, 700 after too many tries.</summary>
    public async Task<Result<Done>> Delete(UserCaller caller, string? handle, RawPassword? password, string? token, CancellationToken stop)
    {
        if (await Refusal(caller, handle, password, token, stop) is { } refused)
        {
            return refused;
        }

        await database.Write(async db =>
        {
            await users.Delete(db, caller.Application.Id, caller.User.Id);
            await signups.DeleteOf(db, caller.Application.Id, caller.User.Handle);
            if (ProvesByPassword(caller.User))
            {
                await tries.Succeeded(db, caller.Application, caller.User, caller.User.Handle, caller.Client);
            }

            await audit.Add(db, new AuditEntry(caller.Application.Id, Action, caller.User.Handle, caller.Client.Address));
        });
        return default(Done);
    }

    /// <summary>Others never took a try, so there is none to give back.</summary>
    private static bool ProvesByPassword(User user) => !user.Anonymous && !ProvesByToken(user);

    private static bool ProvesByToken(User user) => user.PasswordHash is null && user.LoginProvider.Length > 0;

    private async Task<Error?> Refusal(UserCaller caller, string? handle, RawPassword? password, string? token, CancellationToken stop)
    {
        var user = caller.User;
        if (ProvesByToken(user))
        {
            return await TokenRefusal(caller, token!, stop);
        }

        if (user.Anonymous)
        {
            return handle!.Trim() == user.Handle ? null : ErrorCodes.InvalidCredentials.Because("another handle");
        }

        return await PasswordRefusal(caller, Handle.Normalise(handle!), password!.Value);
    }

    private async Task<Error?> TokenRefusal(UserCaller caller, string token, CancellationToken stop)
    {
        var user = caller.User;
        var (identity, refused) = await idTokens.Check(caller.Application.Settings, user.LoginProvider, token, nonce: null, stop);
        if (refused is not null)
        {
            return refused.Code == ErrorCodes.InvalidToken.Code ? refused : ErrorCodes.InvalidToken.Because(refused.Message);
        }

        var isOwn = user.ProviderSubject is null ? identity!.Email == user.Handle : identity!.Subject == user.ProviderSubject;
        var isFresh = clock.GetUtcNow().ToUnixTimeSeconds() - identity.IssuedAt <= FreshSeconds;
        return isOwn && isFresh ? null : ErrorCodes.InvalidToken.Because(isOwn ? "the token is not fresh" : "the token of another account");
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
        var (match, busy) = await hasher.Verify(application, isOwn ? user.PasswordHash : null, password.As(user.PasswordPrehashed));
        if (busy is not null)
        {
            await tries.GiveBack(application, user, user.Handle, caller.Client, taken.Value);
            return busy;
        }

        if (match!.Matches)
        {
            return null;
        }

        await tries.Failed(application, user, taken.Value, caller.Client);
        return ErrorCodes.InvalidCredentials;
    }
}
