using System.Data.Common;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.Login;

/// <summary>A logged-in user's own password, sent again with a change. Wrong ones count like failed logins.</summary>
public sealed class PasswordProof(LoginAttempts attempts, PasswordHasher hasher)
{
    /// <summary>
    /// 600 for a wrong password; 700 after too many attempts. After a correct one, call <see cref="RecordSuccess"/>, or
    /// <see cref="Release"/> if the change is not possible.
    /// </summary>
    /// <param name="isOwn">False for somebody else's handle: the password is wrong whatever it is, after the same work.</param>
    public async Task<Result<LoginAttempt>> Verify(UserCaller caller, RawPassword password, bool isOwn = true)
    {
        var (application, user, client) = (caller.Application, caller.User, caller.Client);
        if ((await attempts.TryAcquire(application, user, user.Handle, client)).Failed(out var attempt, out var tooMany))
        {
            return tooMany;
        }

        var stored = isOwn && attempt.State != LoginAttemptState.Locked ? user.PasswordHash : null;
        var share = HashingShare.Of(application, client);
        if ((await hasher.Verify(share, application, stored, password.ToInput(user.PasswordPrehashed))).Failed(out var match, out var busy))
        {
            await Release(caller, attempt);
            return busy;
        }

        if (!match.Matches)
        {
            await attempts.RecordFailure(application, user, user.Handle, attempt, client);
            return ErrorCodes.InvalidCredentials;
        }

        return attempt;
    }

    /// <summary>Resets earlier failures. Part of the transaction that makes the change.</summary>
    public Task RecordSuccess(DbConnection db, UserCaller caller) =>
        attempts.RecordSuccess(db, caller.Application, caller.User, caller.User.Handle, caller.Client);

    /// <summary>Releases the attempt of a correct password. Earlier failures still count.</summary>
    public Task Release(UserCaller caller, LoginAttempt attempt) =>
        attempts.Release(caller.Application, caller.User, caller.User.Handle, caller.Client, attempt.State);
}
