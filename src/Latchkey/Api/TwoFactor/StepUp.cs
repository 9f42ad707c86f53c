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
public sealed class StepUp(PasswordProof password, TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    /// <summary>710 when the login is too old and there is no password; 600 for a wrong one, 700 after too many.</summary>
    public async Task<Error?> Require(UserCaller caller, string? typed) =>
        !caller.Application.Settings.StepUpRequired || clock.Now() - caller.Session.CreatedAt <= MaxAge.TotalMilliseconds ? null
        : typed is null ? ErrorCodes.StepUpRequired
        : await password.Verify(caller, new RawPassword(typed));
}
