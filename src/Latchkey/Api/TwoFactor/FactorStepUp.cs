using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Proves again, by a second factor, who is logged in. Guesses count as at a login.</summary>
public sealed class FactorStepUp(
    Database database,
    UserStore users,
    UserCodes codes,
    FactorSms sms,
    RateLimits limits,
    SecondFactorAttempts attempts,
    FactorCodes factorCodes,
    SessionProof proofs,
    AuditStore audit
)
{
    private const int MaxAttempts = 5;

    /// <summary>
    /// Sends a code to the user's number. 410 when the user has no factor by SMS, 700 when the number has had too many SMS.
    /// </summary>
    public async Task<Result<Done>> SendSms(UserCaller caller)
    {
        var (application, user) = (caller.Application, caller.User);
        if (user.Phone is not { } phone || !FactorMethods.Of(application.Settings, user).Contains(FactorMethod.Sms))
        {
            return ErrorCodes.NoVerifiedPhone;
        }

        // Fewer than a number gets in a day: an access token alone must not use up the SMS of the owner's logins.
        if (await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.StepUpSms, user.Id)) is { } tooOften)
        {
            return tooOften;
        }

        if (await sms.TryAcquire(application, phone) is { } tooMany)
        {
            return tooMany;
        }

        var sent = await database.Write<Result<Done>>(async db =>
        {
            if (await users.FindForUpdate(db, database.Dialect, application.Id, user.Id) is not { } locked || locked.Phone != phone)
            {
                return ErrorCodes.InvalidAccessToken.WithCause("the user changed meanwhile");
            }

            await codes.EndAll(db, locked, CodePurpose.StepUp);
            var row = await codes.CreateWithoutCode(db, locked, CodePurpose.StepUp, caller.Client.Network, caller.Session.PublicId);
            await audit.Add(db, new AuditEntry(application.Id, "stepUpFactor", user.Handle, caller.Client.Address));
            return await sms.Send(db, application, locked, row, caller.Client);
        });
        sms.Wake();
        return sent;
    }

    /// <summary>
    /// Verifies the code and records the proof. 602 when it is no code of the method, 600 for a wrong or used one, 404 when the password
    /// must be reset, 700 after too many attempts.
    /// </summary>
    public async Task<Result<Session>> Prove(UserCaller caller, FactorMethod method, string typed)
    {
        if (FactorMethods.ParseCode(method, typed).Failed(out var code, out var notACode))
        {
            return notACode;
        }

        var attempt = new FactorAttempt(caller.Application.Id, caller.User.Id, CodePurpose.StepUp, method);
        if ((await attempts.TryAcquire(attempt, caller.Client)).Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        var row = method == FactorMethod.Sms ? await TryAcquireRow(caller) : null;
        var stored = await database.Write(db => Store(db, caller, attempt, guess, code, row));
        attempts.Wake();
        return stored.Failed(out var completion, out var failed) ? failed : completion.Result;
    }

    /// <summary>The code that was sent to this session last, with a try of it counted; null for none.</summary>
    private async Task<UserCode?> TryAcquireRow(UserCaller caller) =>
        await database.Read(db => codes.FindNewest(db, caller.User, CodePurpose.StepUp, caller.Session.PublicId)) is { } sent
            ? await database.Write(db => codes.TryAcquireAttempt(db, sent.AppId, sent.Id, MaxAttempts, CodePurpose.StepUp))
            : null;

    /// <summary>Returns the refusal of a wrong code inside a value, so that its count is committed.</summary>
    private async Task<Result<Completion>> Store(
        DbConnection db,
        UserCaller caller,
        FactorAttempt attempt,
        CodeGuess guess,
        string code,
        UserCode? row
    )
    {
        var application = caller.Application;
        if (await users.FindForUpdate(db, database.Dialect, application.Id, caller.User.Id) is not { IsSuspended: false } user)
        {
            return ErrorCodes.UserSuspended;
        }

        if (attempts.Check(application, user, attempt.Method) is { } refused)
        {
            return refused;
        }

        if (!await factorCodes.TryUse(db, application, user, attempt.Method, new FactorAnswer(code), row, caller.Client))
        {
            await attempts.RecordFailure(db, application, user, caller.Client);
            return new Completion(ErrorCodes.InvalidCredentials.WithCause("wrong or used code"));
        }

        if (row is not null && !await codes.MarkUsed(db, row))
        {
            return ErrorCodes.InvalidCredentials.WithCause("the code was used");
        }

        await attempts.RecordSuccess(db, attempt, guess, caller.Client);
        await users.ResetFailures(db, application.Id, user.Id);
        return new Completion(await proofs.Record(db, caller, attempt.Method.ToAuthenticationMethod()));
    }

    /// <summary>Commits the transaction, also with a refusal.</summary>
    private sealed record Completion(Result<Session> Result);
}
