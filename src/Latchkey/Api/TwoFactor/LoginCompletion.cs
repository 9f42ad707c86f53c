using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
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
    FactorCodes factorCodes,
    Enrollment enrollment,
    RememberedDevices devices,
    InstallationTokens tokens,
    SignIn signIn,
    AuditStore audit
)
{
    private const string Action = "loginComplete";
    private const int MaxAttempts = 5;

    /// <summary>
    /// 602 when it is no code of the method; 600 for a wrong, used or expired code or token; 404 for a suspended user or one whose password
    /// must be reset; 412 when another user has verified the number meanwhile; 700 after too many attempts.
    /// </summary>
    public async Task<Result<LoginCompleteResponse>> Complete(AppCaller caller, LoginProof proof)
    {
        if ((await Open(caller, proof)).Failed(out var completed, out var refused))
        {
            return refused;
        }

        var issued = signIn.IssueTokens(caller.Application, completed.User, completed.Session);
        return LoginCompleteResponse.From(issued, completed.DeviceToken, completed.RecoveryCodes);
    }

    /// <summary>As <see cref="Complete"/>, without tokens.</summary>
    public async Task<Result<CompletedLogin>> Open(AppCaller caller, LoginProof proof)
    {
        var application = caller.Application;
        FactorMethod? named = null; // without a policy, the row says which code was asked for
        if (application.Settings.HasFactorPolicy && FactorMethods.Parse(proof.Method).Failed(out named, out var unknown))
        {
            return unknown;
        }

        if (named != FactorMethod.Passkey && proof.Code is null)
        {
            return ErrorCodes.MissingParameter.WithCause("code"); // without a policy, passkeys are no factors
        }

        if (FactorMethods.ParseAnswer(named, proof.Code ?? "").Failed(out var code, out var notACode))
        {
            return notACode;
        }

        if (tokens.ReadLogin(proof.LoginToken) is not { } token || token.AppId != application.Id)
        {
            return ErrorCodes.InvalidCredentials.WithCause("not a login token of this application");
        }

        // The try is spent whatever comes of it; the token's own are all that a guess is held against.
        var step = await database.Write(db =>
            codes.TryAcquireAttempt(db, application.Id, token.Id, MaxAttempts, CodePurpose.Login, CodePurpose.Enrollment)
        );
        if (step is null)
        {
            return ErrorCodes.InvalidCredentials.WithCause("the login token is used, expired or out of tries");
        }

        var attempt = new FactorAttempt(application.Id, step.UserId, step.Purpose, named ?? Enrollment.MethodOf(step));
        if ((await attempts.TryAcquire(attempt, caller.Client)).Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        if ((await factorCodes.Read(application, step, attempt.Method, code, proof.Passkey)).Failed(out var answer, out var wrong))
        {
            return wrong;
        }

        var stored = await enrollment.Guard(() =>
            database.Write(db => Store(db, caller, new(step, attempt, guess, answer), proof.RemembersDevice))
        );
        attempts.Wake();
        return stored.Failed(out var completion, out var failed) ? failed : completion.Result;
    }

    /// <summary>
    /// Returns the refusal of a wrong code inside a value, so that its count is committed. Any other refusal rolls back, so that it uses no
    /// code up.
    /// </summary>
    private async Task<Result<Completion>> Store(DbConnection db, AppCaller caller, Try of, bool remembersDevice)
    {
        var (application, step) = (caller.Application, of.Step);
        if (await users.FindForUpdate(db, database.Dialect, application.Id, step.UserId) is not { } user)
        {
            return ErrorCodes.InvalidCredentials.WithCause("the user is gone");
        }

        if (attempts.Check(application, user, of.Attempt.Method) is { } refused)
        {
            return refused;
        }

        if (!await TryUse(db, caller, user, of))
        {
            return new Completion(ErrorCodes.InvalidCredentials.WithCause("wrong or used code"));
        }

        return !await codes.MarkUsed(db, step) ? ErrorCodes.InvalidCredentials.WithCause("the login token was used")
            : user.IsSuspended ? ErrorCodes.UserSuspended
            : (await Open(db, caller, user, of, remembersDevice)).Failed(out var completed, out var unfit) ? unfit
            : new Completion(completed);
    }

    /// <summary>
    /// Whether the code is right. A wrong one is counted, unless the user sets a factor up, which nobody can guess at yet.
    /// </summary>
    private async Task<bool> TryUse(DbConnection db, AppCaller caller, User user, Try of)
    {
        var (application, method) = (caller.Application, of.Attempt.Method);
        if (of.IsEnrollment)
        {
            return enrollment.Matches(application, user, of.Step, method, of.Answer);
        }

        if (!method.IsUsedUp(of.Step.Detail) && await factorCodes.TryUse(db, application, user, method, of.Answer, of.Step, caller.Client))
        {
            return true;
        }

        await attempts.RecordFailure(db, application, user, caller.Client);
        return false;
    }

    private async Task<Result<CompletedLogin>> Open(DbConnection db, AppCaller caller, User user, Try of, bool remembersDevice)
    {
        var (application, client) = (caller.Application, caller.Client);
        RecoveryCodesAnswer? recovery = null;
        if (
            of.IsEnrollment
            && (await enrollment.Store(db, application, user, of.Step, of.Answer, client)).Failed(out recovery, out var refused)
        )
        {
            return refused;
        }

        await attempts.RecordSuccess(db, of.Attempt, of.Guess, client);
        await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, client.Address));
        var methods = AuthenticationMethods.Combine(of.Step.Detail, of.Answer.MethodsFor(of.Attempt.Method));
        var session = await signIn.Open(db, application, user, client, methods);
        var isRemembered = remembersDevice && RememberedDevices.AreOn(application.Settings);
        var device = isRemembered ? await devices.Remember(db, application, user, client) : null;
        return new CompletedLogin(user, session, device, recovery?.RecoveryCodes);
    }

    /// <summary>Commits the transaction, also with a refusal.</summary>
    private sealed record Completion(Result<CompletedLogin> Result);

    /// <summary>A counted try of a login token.</summary>
    private sealed record Try(UserCode Step, FactorAttempt Attempt, CodeGuess Guess, FactorAnswer Answer)
    {
        public bool IsEnrollment => Step.Purpose == CodePurpose.Enrollment;
    }
}
