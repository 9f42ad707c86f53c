using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.SocialLogin;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.Profile;

/// <summary>A user deletes its own account: it proves its identity again, then the user, its sessions and its codes are deleted.</summary>
public sealed class DeleteAccount(
    Database database,
    UserErasure erasure,
    PasswordProof passwordProof,
    StepUp stepUp,
    OwnIdToken ownIdToken,
    UsedIdTokens usedIdTokens,
    AuditStore audit
)
{
    private const string Action = "deleteAccount";

    /// <summary>
    /// 403 if the proof for this kind of user is missing: an ID token; a handle and a password; or a handle alone, where there is neither.
    /// </summary>
    public static Error? FindMissingParameter(User user, string? handle, string? password, string? token)
    {
        var missing =
            NeedsIdToken(user) ? (token is null ? "token" : null)
            : handle is null ? "handle"
            : password is null && NeedsPassword(user) ? "password"
            : null;
        return missing is null ? null : ErrorCodes.MissingParameter.WithCause(missing);
    }

    /// <summary>
    /// 600 (613 for an ID token) if the proof is wrong or belongs to another user, 700 after too many attempts; 710 for a user without a
    /// password or provider and without a proof in the last 15 minutes.
    /// </summary>
    public async Task<Result<Done>> Delete(
        UserCaller caller,
        string? handle,
        RawPassword? password,
        string? token,
        string? nonce,
        CancellationToken stop
    )
    {
        SocialIdentity? identity = null;
        if (NeedsIdToken(caller.User))
        {
            if ((await ValidateIdToken(caller, token, nonce, stop)).Failed(out identity, out var invalid))
            {
                return invalid;
            }
        }
        else if (await Validate(caller, handle, password) is { } refused)
        {
            return refused;
        }

        return await database.Write<Result<Done>>(async db =>
        {
            if (identity is not null && await usedIdTokens.Use(db, caller.Application.Id, identity) is { } replayed)
            {
                return replayed;
            }

            await erasure.Erase(db, caller.User);
            if (NeedsPassword(caller.User))
            {
                await passwordProof.RecordSuccess(db, caller);
            }

            await audit.Add(db, new AuditEntry(caller.Application.Id, Action, caller.User.Id, ""));
            return default(Done);
        });
    }

    /// <summary>
    /// As <see cref="Delete"/> by the proof of the session in place of one in the same call: 710 without one in the last 15 minutes, 600
    /// unless the handle is the user's own.
    /// </summary>
    public async Task<Result<Done>> DeleteProved(UserCaller caller, string handle)
    {
        if (stepUp.FindMissingProof(caller) is { } missing)
        {
            return missing;
        }

        if (!IsOwnName(caller.User, Handle.Normalise(handle)))
        {
            return ErrorCodes.InvalidCredentials.WithCause("another handle");
        }

        await database.Write(async db =>
        {
            await erasure.Erase(db, caller.User);
            await audit.Add(db, new AuditEntry(caller.Application.Id, Action, caller.User.Id, ""));
        });
        return default(Done);
    }

    private static bool NeedsPassword(User user) => user.PasswordHash is not null;

    private static bool NeedsIdToken(User user) => user.PasswordHash is null && user.HasIdToken;

    private async Task<Error?> Validate(UserCaller caller, string? handle, RawPassword? password)
    {
        var user = caller.User;
        if (handle is null)
        {
            return ErrorCodes.MissingParameter.WithCause("handle");
        }

        if (user.Anonymous)
        {
            return handle.Trim() == user.Handle ? null : ErrorCodes.InvalidCredentials.WithCause("another handle");
        }

        if (!NeedsPassword(user))
        {
            return IsOwnName(user, Handle.Normalise(handle))
                ? stepUp.FindMissingProof(caller)
                : ErrorCodes.InvalidCredentials.WithCause("another handle");
        }

        return password is { } typed
            ? (await passwordProof.Verify(caller, typed, IsOwnName(caller.User, Handle.Normalise(handle)))).Error
            : ErrorCodes.MissingParameter.WithCause("password");
    }

    private async Task<Result<SocialIdentity>> ValidateIdToken(UserCaller caller, string? token, string? nonce, CancellationToken stop) =>
        token is null ? ErrorCodes.MissingParameter.WithCause("token") : await ownIdToken.Validate(caller, token, nonce, stop);

    private static bool IsOwnName(User user, string name) => Handle.KeyOf(name) == user.HandleKey || name == user.UserName;
}
