using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users;
using Latchkey.Users.LoginCodes;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.LoginCodes;

/// <summary>Makes an address a user, by the code that was mailed to it. The user has no password.</summary>
public sealed class LoginCodeSignup(
    Database database,
    UserLoginCodes codes,
    UserRegistration registration,
    LoginCodeAttempts attempts,
    PasswordAttempts passwordAttempts
)
{
    /// <summary>
    /// 731 when the code was used meanwhile, 407 when codes no longer sign up, 601 when the address has a user by now, 704 when the
    /// application is full.
    /// </summary>
    public async Task<Result<LoginResult>> Register(AppCaller caller, LoginCode request)
    {
        var (application, client) = (caller.Application, caller.Client);
        if (!application.Settings.CodesSignUp || request is not { IsSms: false, Metadata: { } metadata })
        {
            return ErrorCodes.SignupDisabled;
        }

        var stored = await database.Write<Result<RegisteredUser>>(async db =>
        {
            if (!await codes.MarkUsed(db, request))
            {
                return ErrorCodes.LoginCodeEnded.WithCause("used meanwhile");
            }

            await attempts.Clear(db, application.Id, request.Handle, client);
            await passwordAttempts.TrustNetwork(db, application.Id, request.Handle, client);
            return await registration.Register(
                db,
                application,
                client,
                new NewUser
                {
                    Handle = request.Handle,
                    Origin = UserOrigin.Signup,
                    Action = LoginCodeSignIn.Action,
                    Locale = request.Locale,
                    EmailVerified = true,
                    Methods = AuthenticationMethods.Mail,
                    Metadata = metadata,
                    UpgradesUserId = request.UpgradesUserId,
                }
            );
        });
        return stored.Failed(out var registered, out var refused)
            ? refused
            : new LoggedIn(registered.User, UserRegistration.SessionOf(registered)) { IsNew = true };
    }
}
