using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.TwoFactor;

/// <summary>
/// Step-up authentication: a change of second factors needs more than an access token, which may have been stolen. A login in the last 15
/// minutes is enough, and so is the password in the same call.
/// </summary>
public sealed class StepUp(Database database, PasswordProof passwordProof, TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    /// <summary>710 when the login is too old and there is no password; 600 for a wrong one, 700 after too many.</summary>
    public async Task<Error?> Require(UserCaller caller, string? typed)
    {
        if (!caller.Application.Settings.StepUpRequired || clock.Now() - caller.Session.AuthenticatedAt <= MaxAge.TotalMilliseconds)
        {
            return null;
        }

        if (typed is null)
        {
            return ErrorCodes.StepUpRequired;
        }

        if ((await passwordProof.Verify(caller, new RawPassword(typed))).Error is { } refused)
        {
            return refused;
        }

        await database.Write(db => passwordProof.RecordSuccess(db, caller));
        return null;
    }
}
