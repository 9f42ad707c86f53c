using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Passwords;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>
/// Step-up authentication: a change of second factors needs more than an access token, which may have been stolen. A login or stepUp in the
/// last 15 minutes is enough, and so is the password in the same call. Under a secondFactorPolicy, users who have a factor must have used
/// one.
/// </summary>
public sealed class StepUp(Database database, PasswordProof passwordProof, TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    /// <summary>710 when the login is too old and there is no password; 600 for a wrong one, 700 after too many.</summary>
    public async Task<Error?> Require(UserCaller caller, string? typed)
    {
        if (!IsRequired(caller.Application.Settings) || FindMissingProof(caller) is not { } missing)
        {
            return null;
        }

        if (typed is null || NeedsFactor(caller))
        {
            return missing;
        }

        if ((await passwordProof.Verify(caller, new RawPassword(typed))).Error is { } refused)
        {
            return refused;
        }

        await database.Write(db => passwordProof.RecordSuccess(db, caller));
        return null;
    }

    /// <summary>710 without a login or stepUp in the last 15 minutes, whatever the application's setting says.</summary>
    public Error? FindMissingProof(UserCaller caller) =>
        clock.Now() - caller.Session.AuthenticatedAt <= MaxAge.TotalMilliseconds
        && (!NeedsFactor(caller) || AuthenticationMethods.IncludeSecondFactor(caller.Session.Methods))
            ? null
            : ErrorCodes.StepUpRequired;

    /// <summary>
    /// Under a policy always: a thief of an access token could put a factor of their own in place of the user's. And where a phone signs
    /// in.
    /// </summary>
    private static bool IsRequired(ApplicationSettings settings) =>
        settings.StepUpRequired || settings.HasFactorPolicy || settings.SmsCodeLogin;

    private static bool NeedsFactor(UserCaller caller) =>
        caller.Application.Settings.HasFactorPolicy && FactorMethods.Of(caller.Application.Settings, caller.User).Count > 0;
}
