using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.Login;

/// <summary>A logged-in user's own password, sent again with a change. Wrong ones count like failed logins.</summary>
public sealed class PasswordProof(Database database, LoginAttempts attempts, PasswordHasher hasher)
{
    /// <summary>600 for a wrong password; 700 after too many attempts.</summary>
    /// <param name="isOwn">False for somebody else's handle: the password is wrong whatever it is, after the same work.</param>
    public async Task<Error?> Verify(UserCaller caller, RawPassword password, bool isOwn = true)
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
            await attempts.Release(application, user, user.Handle, client, attempt.State);
            return busy;
        }

        if (!match.Matches)
        {
            await attempts.RecordFailure(application, user, user.Handle, attempt, client);
            return ErrorCodes.InvalidCredentials;
        }

        await database.Write(db => attempts.RecordSuccess(db, application, user, user.Handle, client));
        return null;
    }
}
