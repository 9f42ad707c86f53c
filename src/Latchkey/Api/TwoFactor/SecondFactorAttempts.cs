using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Rate limits for guessing the code of a second factor, which takes the password, and the notifications to the owner.</summary>
public sealed class SecondFactorAttempts(
    UserStore users,
    RateLimits limits,
    CodeAttempts codeAttempts,
    SecurityNotifications notifications,
    TimeProvider clock
)
{
    /// <summary>
    /// Counts an attempt before the code is verified; 700 when the limit is reached. Nobody can guess a signature, so passkeys are not
    /// counted, and no guesser of codes holds up their owner.
    /// </summary>
    public async Task<Result<CodeGuess>> TryAcquire(FactorAttempt attempt, ClientAddress client) =>
        attempt.Method == FactorMethod.Passkey ? CodeGuess.Unlimited
        : attempt.Method == FactorMethod.Sms ? await codeAttempts.TryAcquire(attempt.AppId, attempt.Purpose, attempt.UserId, client)
        : await limits.TryAcquire(attempt.AppId, new RateLimitRequest(DefaultLimits.TotpAttempts, attempt.UserId)) is { } tooMany ? tooMany
        : CodeGuess.Unlimited;

    /// <summary>
    /// Null if the code may be verified now. 404 (600 if accounts are hidden) when the password must be reset first; 700 while the next
    /// code of an authenticator app, or recovery code, must wait (the SMS of a day limit the others). Call it with the user's row locked.
    /// </summary>
    public Error? Check(Application application, User user, FactorMethod method) =>
        user.FailedCodes >= CodeGuessing.ForcesReset
            ? (application.Settings.HideAccountExistence ? ErrorCodes.InvalidCredentials : ErrorCodes.UserSuspended).WithCause("locked")
        : limits.AreOn && method is not (FactorMethod.Sms or FactorMethod.Passkey)
            ? CodeGuessing.Check(user.FailedCodes, user.FailedCodeAt, clock.Now())
        : null;

    /// <summary>
    /// Counts a wrong code. Notifies the owner after some, and when the password must be reset. Runs in the transaction that locked the
    /// user's row.
    /// </summary>
    public async Task RecordFailure(DbConnection db, Application application, User user, ClientAddress client)
    {
        if (!limits.AreOn)
        {
            return;
        }

        await users.RecordFailedCode(db, user.AppId, user.Id, clock.Now());
        var notice = (user.FailedCodes + 1) switch
        {
            CodeGuessing.Notice => MessageKind.CodeGuessing,
            CodeGuessing.ForcesReset => MessageKind.UserLocked,
            _ => null,
        };
        if (notice is not null)
        {
            await notifications.Send(db, application, user, notice, client.Address);
        }
    }

    /// <summary>Releases the attempt after a correct code. Runs in the transaction that resets the failures.</summary>
    public Task RecordSuccess(DbConnection db, FactorAttempt attempt, CodeGuess guess, ClientAddress client) =>
        attempt.Method == FactorMethod.Sms
            ? codeAttempts.Clear(db, attempt.AppId, attempt.Purpose, attempt.UserId, client, guess)
            : Task.CompletedTask;

    /// <summary>Wakes the outbox worker. Call it after the transaction.</summary>
    public void Wake() => notifications.Wake();
}
