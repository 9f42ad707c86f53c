using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>loginComplete: the login token and the second factor's code give a session.</summary>
public sealed class LoginCompletion(
    Database database,
    UserStore users,
    UserCodes codes,
    SecondFactorAttempts attempts,
    GoogleTwoFactor google,
    InstallationTokens tokens,
    SignIn signIn,
    AuditStore audit
)
{
    private const string Action = "loginComplete";
    private const int MaxAttempts = 5;

    /// <summary>
    /// 602 when the code is not six digits; 600 for a wrong, used or expired code or token; 404 for a suspended user or one whose
    /// password must be reset; 700 after too many attempts.
    /// </summary>
    public async Task<Result<TokenResponse>> Complete(AppCaller caller, string loginToken, string code)
    {
        return (await TryComplete(caller, loginToken, code)).Failed(out var opened, out var refused)
            ? refused
            : signIn.IssueTokens(caller.Application, opened.User, opened.Session);
    }

    private async Task<Result<SessionUser>> TryComplete(AppCaller caller, string loginToken, string code)
    {
        var application = caller.Application;
        if (!TypedCode.IsSixDigits(code))
        {
            return ErrorCodes.InvalidData.WithCause("not a code");
        }

        if (tokens.ReadLogin(loginToken) is not { } token || token.AppId != application.Id)
        {
            return ErrorCodes.InvalidCredentials.WithCause("not a login token of this application");
        }

        // The try is spent whatever comes of it; the token's own are all that a guess is held against.
        var step = await database.Write(db => codes.TryAcquireAttempt(db, application.Id, token.Id, CodePurpose.Login, MaxAttempts));
        if (step is null)
        {
            return ErrorCodes.InvalidCredentials.WithCause("the login token is used, expired or out of tries");
        }

        if ((await attempts.TryAcquire(step, caller.Client)).Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        var completion = await database.Write(db => Store(db, caller, step, code, guess));
        attempts.Wake();
        return completion.Result;
    }

    /// <summary>Returns a refusal inside a value, so that the count of wrong codes is committed.</summary>
    private async Task<Completion> Store(DbConnection db, AppCaller caller, UserCode step, string code, CodeGuess guess)
    {
        var application = caller.Application;
        if (await users.FindForUpdate(db, database.Dialect, application.Id, step.UserId) is not { } user)
        {
            return new(ErrorCodes.InvalidCredentials.WithCause("the user is gone"));
        }

        if (attempts.Check(application, user, step) is { } refused)
        {
            return new(refused);
        }

        if (!(step.IsFromAuthenticator ? await google.VerifyCode(db, user, code) : codes.Matches(step, user, code)))
        {
            await attempts.RecordFailure(db, application, user, caller.Client);
            return new(ErrorCodes.InvalidCredentials.WithCause("wrong or used code"));
        }

        if (!await codes.MarkUsed(db, step))
        {
            return new(ErrorCodes.InvalidCredentials.WithCause("the login token was used"));
        }

        if (user.IsSuspended)
        {
            return new(ErrorCodes.UserSuspended);
        }

        await attempts.RecordSuccess(db, step, guess, caller.Client);
        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
        var second = step.IsFromAuthenticator ? AuthenticationMethods.OneTimeCode : AuthenticationMethods.Sms;
        var methods = AuthenticationMethods.Combine(step.Detail, second);
        return new(new SessionUser(user, await signIn.Open(db, application, user, caller.Client, methods)));
    }

    /// <summary>Commits the transaction, also with a refusal.</summary>
    private sealed record Completion(Result<SessionUser> Result);
}
