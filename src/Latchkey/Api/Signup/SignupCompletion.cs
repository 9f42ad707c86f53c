using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Signup;

/// <summary>Completing a signup by the code or link that was mailed for it.</summary>
public sealed class SignupCompletion(
    Database database,
    SignupStore signups,
    SignupRequests requests,
    UserRegistration registration,
    CodeAttempts attempts,
    PasswordAttempts passwordAttempts,
    MessageOutbox outbox,
    TimeProvider clock
)
{
    private const string Purpose = SignupRequests.CodePurpose;

    /// <summary>602 wrong code or handle, 411 expired, 601 completed before; the tokens are null when no session was wanted.</summary>
    public async Task<Result<CompletedSignup>> Complete(AppCaller caller, string rawHandle, string code, bool opensSession) =>
        (await Open(caller, rawHandle, code, opensSession)).Failed(out var completed, out var refused)
            ? refused
            : new CompletedSignup(
                completed.User,
                opensSession ? registration.IssueRegistrationTokens(caller.Application, completed) : null
            );

    /// <summary>As <see cref="Complete(AppCaller, string, string, bool)"/>, without tokens.</summary>
    /// <param name="draft">
    /// What the caller signed up with; null where that is not known. A code of another signup with the same address is wrong then, so
    /// nobody becomes the user whom a stranger began.
    /// </param>
    public async Task<Result<RegisteredUser>> Open(
        AppCaller caller,
        string rawHandle,
        string code,
        bool opensSession,
        SignupDraft? draft = null
    )
    {
        if (Handle.ParseEmail(rawHandle).Failed(out var address, out var notAnAddress))
        {
            return notAnAddress;
        }

        // Links carry too many bits to guess. For codes, the try is counted before it is known to be right.
        var (appId, handle) = (caller.Application.Id, address.Text);
        var isLink = code.Length > TypedCode.DigitCount;
        var counted = isLink ? CodeGuess.Unlimited : await attempts.TryAcquire(appId, Purpose, handle, caller.Client);
        if (counted.Failed(out var guess, out var tooMany))
        {
            return tooMany;
        }

        var network = guess.NetworkFilter(caller.Client);
        var signup = await database.Read(db => signups.FindByCode(db, appId, handle, requests.CodeHashes(appId, handle, code), network));
        if (
            (
                signup is null or { Status: SignupStatus.Replaced } || (draft is not null && !IsOf(signup, draft))
                    ? ErrorCodes.InvalidData.WithCause("wrong code or handle")
                    : await Complete(caller, signup, isLink ? null : guess, opensSession)
            ).Failed(out var completed, out var refused)
        )
        {
            return refused;
        }

        outbox.Wake();
        return completed;
    }

    /// <summary>A hash has a salt of its own, so it names the signup that it came with.</summary>
    private static bool IsOf(SignupRow signup, SignupDraft draft) =>
        signup.PasswordHash == draft.PasswordHash && signup.Metadata == draft.Metadata;

    private async Task<Result<RegisteredUser>> Complete(AppCaller caller, SignupRow signup, CodeGuess? guess, bool opensSession)
    {
        var now = clock.Now();
        if (signup.Status != SignupStatus.Pending)
        {
            return ErrorCodes.HandleRegistered;
        }

        if (signup.ExpiresAt <= now)
        {
            return ErrorCodes.SignupCodeExpired;
        }

        return await database.Write<Result<RegisteredUser>>(async db =>
        {
            if (!await signups.Complete(db, signup.AppId, signup.Id, now))
            {
                return ErrorCodes.HandleRegistered;
            }

            if (guess is not null)
            {
                await attempts.Clear(db, signup.AppId, Purpose, signup.Handle, caller.Client, guess);
            }

            await passwordAttempts.TrustNetwork(db, signup.AppId, signup.Handle, caller.Client);
            return await registration.Register(
                db,
                caller.Application,
                caller.Client,
                new NewUser
                {
                    Handle = signup.Handle,
                    Origin = UserOrigin.Signup,
                    Action = "completeSignup",
                    Locale = signup.Locale,
                    EmailVerified = true,
                    Methods = AuthenticationMethods.Mail,
                    PasswordHash = signup.PasswordHash.Length > 0 ? signup.PasswordHash : null,
                    PasswordPrehashed = signup.PasswordPrehashed,
                    Metadata = signup.Metadata,
                    UpgradesUserId = signup.UpgradesUserId,
                },
                opensSession
            );
        });
    }
}
