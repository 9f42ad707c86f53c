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
public sealed class SignupCompletion(Database database, SignupStore signups, SignupRules rules, UserRegistration registration, CodeTries tries, MessageOutbox outbox, TimeProvider clock)
{
    private const string Purpose = SignupRules.CodePurpose;

    /// <summary>602 wrong code or handle, 411 expired, 601 completed before; the tokens are null when no session was wanted.</summary>
    public async Task<Result<Completion>> Complete(AppCaller caller, string rawHandle, string code, bool opensSession)
    {
        var (address, notAnAddress) = Handle.Email(rawHandle);
        if (notAnAddress is not null)
        {
            return notAnAddress;
        }

        // Links carry too many bits to guess. For codes, the try is counted before it is known to be right.
        var (appId, handle) = (caller.Application.Id, address.Text);
        var isLink = code.Length > CodeTries.Digits;
        if (!isLink && await tries.Take(appId, Purpose, handle, caller.Client, db => signups.CountTry(db, appId, handle, CodeTries.MostPerCode)) is { } tooMany)
        {
            return tooMany;
        }

        var signup = await database.Read(db => signups.ByCode(db, appId, handle, rules.CodeHashes(appId, handle, code), CodeTries.MostPerCode));
        var (completed, refused) = signup is null ? ErrorCodes.InvalidData.Because("wrong code or handle") : await Complete(caller, signup, opensSession);
        if (refused is not null)
        {
            return refused;
        }

        outbox.Wake();
        return new Completion(completed!.User, opensSession ? registration.Tokens(caller.Application, completed) : null);
    }

    private async Task<Result<RegisteredUser>> Complete(AppCaller caller, SignupRow signup, bool opensSession)
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

            await tries.Clear(db, signup.AppId, Purpose, signup.Handle, caller.Client);
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
                    PasswordHash = signup.PasswordHash,
                    PasswordPrehashed = signup.PasswordPrehashed,
                    Metadata = signup.Metadata,
                    UpgradesUserId = signup.UpgradesUserId,
                },
                opensSession);
        });
    }
}

/// <summary>The user whose signup is complete, and its tokens where a session was wanted.</summary>
public sealed record Completion(User User, SignedIn? Tokens);
