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
    CodeAttempts attempts,
    RateLimits limits,
    GoogleTwoFactor google,
    InstallationTokens tokens,
    SignIn signIn,
    AuditStore audit
)
{
    private const string Action = "loginComplete";
    private const int MaxAttempts = 5;

    /// <summary>
    /// 602 when the code is not six digits; 600 for a wrong, used or expired code or token; 404 for a suspended user; 700 after too many
    /// tries.
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

        var tooMany =
            step.CodeHash.Length == 0
                ? await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.TotpAttempts, step.UserId))
                : await attempts.TryAcquire(application.Id, CodePurpose.Login, step.UserId, caller.Client, _ => Task.CompletedTask);
        return tooMany is not null ? tooMany : await database.Write(db => Store(db, caller, step, code));
    }

    private async Task<Result<SessionUser>> Store(DbConnection db, AppCaller caller, UserCode step, string code)
    {
        var application = caller.Application;
        if (await users.FindForUpdate(db, database.Dialect, application.Id, step.UserId) is not { } user)
        {
            return ErrorCodes.InvalidCredentials.WithCause("the user is gone");
        }

        var isRight = step.CodeHash.Length == 0 ? await google.VerifyCode(db, user, code) : codes.Matches(step, user, code);
        if (!isRight || !await codes.MarkUsed(db, step))
        {
            return ErrorCodes.InvalidCredentials.WithCause("wrong or used code");
        }

        if (user.IsSuspended)
        {
            return ErrorCodes.UserSuspended;
        }

        if (step.CodeHash.Length > 0)
        {
            await attempts.Clear(db, application.Id, CodePurpose.Login, user.Id, caller.Client);
        }

        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
        return new SessionUser(user, await signIn.Open(db, application, user, caller.Client.Address));
    }
}
