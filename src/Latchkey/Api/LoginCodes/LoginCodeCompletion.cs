using System.Data.Common;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.LoginCodes;

namespace Latchkey.Api.LoginCodes;

/// <summary>
/// loginCodeComplete: the code or the link, together with the request token of the app that asked, signs in or signs up. The code alone,
/// as whoever reads the mail has it, signs in nowhere.
/// </summary>
public sealed class LoginCodeCompletion(
    Database database,
    UserStore users,
    UserLoginCodes codes,
    LoginCodeAttempts attempts,
    LoginCodeSignIn signIn,
    LoginCodeSignup signup,
    MessageOutbox outbox
)
{
    /// <summary>
    /// 600 for a wrong code; 731 when the request is used, expired, out of attempts, or not of this token and handle; 602 for no code or
    /// handle; 730 if the application has no codes by this way; 404 for a suspended user; 407 or 704 if it can no longer sign up; 700 after
    /// too many attempts.
    /// </summary>
    public async Task<Result<LoginResult>> Complete(AppCaller caller, LoginCodeProof proof)
    {
        if ((await Verify(caller, proof)).Failed(out var request, out var refused))
        {
            return refused;
        }

        var result = await SignInOrUp(caller, request, proof.DeviceToken);
        outbox.Wake();
        return result;
    }

    /// <summary>The request whose code was right. The attempt is spent whatever comes of it.</summary>
    private async Task<Result<LoginCode>> Verify(AppCaller caller, LoginCodeProof proof)
    {
        var appId = caller.Application.Id;
        if (LoginTarget.Parse(caller.Application.Settings, proof.Handle).Failed(out var target, out var refused))
        {
            return refused;
        }

        if (!TypedCode.IsSixDigits(proof.Code) && !CodeAttempts.IsLinkToken(proof.Code))
        {
            return ErrorCodes.InvalidData.WithCause("not a code");
        }

        // Only guesses at a request are counted, so that a stranger with neither request nor code uses nothing up.
        if (await database.Write(db => codes.TryAcquireAttempt(db, appId, target.Text, proof.RequestToken)) is not { } request)
        {
            return ErrorCodes.LoginCodeEnded.WithCause("no request of this token and handle, or it is used, expired or out of attempts");
        }

        var isLink = CodeAttempts.IsLinkToken(proof.Code);
        return !isLink && await attempts.TryAcquire(appId, target, caller.Client) is { } tooMany ? tooMany
            : codes.Matches(request, proof.Code) ? request
            : ErrorCodes.InvalidCredentials.WithCause("wrong code");
    }

    private async Task<Result<LoginResult>> SignInOrUp(AppCaller caller, LoginCode request, string? deviceToken)
    {
        if (await database.Read(db => Find(db, request)) is { } user)
        {
            return request.UserId is null || request.UserId == user.Id
                ? await signIn.Open(caller, request, user, deviceToken)
                : ErrorCodes.LoginCodeEnded.WithCause("the code was sent to another user");
        }

        if (request.UserId is not null)
        {
            return ErrorCodes.LoginCodeEnded.WithCause("the user has another number now");
        }

        // Whoever signed up with the address meanwhile is the same person: the code proves it.
        var registered = await signup.Register(caller, request);
        return registered.Error == ErrorCodes.HandleRegistered && await database.Read(db => Find(db, request)) is { } other
            ? await signIn.Open(caller, request, other, deviceToken)
            : registered;
    }

    private Task<User?> Find(DbConnection db, LoginCode request) =>
        request.IsSms ? users.FindByPhone(db, request.AppId, request.Handle) : users.FindByHandle(db, request.AppId, request.Handle);
}
