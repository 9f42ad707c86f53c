using System.Data.Common;
using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Login;

/// <summary>
/// Login by e-mail address or user name. Every failure does the same work (one look-up, one counted attempt, one password hash):
/// constant-time, to prevent user enumeration.
/// </summary>
public sealed class LoginRules(
    Database database,
    UserStore users,
    LoginAttempts attempts,
    PasswordHasher hasher,
    SignIn signIn,
    SecondFactor secondFactor,
    AuditStore audit,
    MessageOutbox outbox,
    TimeProvider clock
)
{
    private const string Action = "login";
    private static readonly Error ChangedMeanwhile = ErrorCodes.InvalidCredentials.WithCause("the user changed meanwhile");

    /// <summary>Logs a user in, or answers a login token where a second factor is needed.</summary>
    /// <param name="deviceToken">Of a remembered device; null for none.</param>
    public async Task<Result<LoginResult>> LogIn(AppCaller caller, string rawHandle, RawPassword password, string? deviceToken)
    {
        var application = caller.Application;
        var name = Handle.Normalise(rawHandle);
        var isAddress = name.Contains('@', StringComparison.Ordinal);
        if (!isAddress && !application.Settings.UserNamesEnabled)
        {
            return ErrorCodes.UserNamesDisabled;
        }

        if ((await hasher.Reserve(HashingShare.Of(application, caller.Client))).Failed(out var slot, out var tooBusy))
        {
            return tooBusy; // before anything is looked up or counted, so that an overload costs little
        }

        using (slot)
        {
            return await LogIn(caller, name, isAddress, password, deviceToken, slot);
        }
    }

    private async Task<Result<LoginResult>> LogIn(
        AppCaller caller,
        string name,
        bool isAddress,
        RawPassword password,
        string? deviceToken,
        HashingQueue.HashingSlot slot
    )
    {
        var application = caller.Application;
        var (user, pending) = await database.Read(async db =>
            isAddress ? await FindByEmail(db, application.Id, name) : (await users.FindByUserName(db, application.Id, name), null)
        );
        if ((await attempts.TryAcquire(application, user, name, caller.Client)).Failed(out var attempt, out var tooMany))
        {
            return tooMany;
        }

        var locked = attempt.State == LoginAttemptState.Locked || user?.FailedCodes >= CodeGuessing.ForcesReset;
        var stored =
            user is null ? (pending is { PasswordHash.Length: > 0 } ? pending.PasswordHash : null)
            : locked ? null
            : user.PasswordHash;
        var prehashed = user?.PasswordPrehashed ?? pending?.PasswordPrehashed ?? true;
        var match = await hasher.Verify(
            slot,
            HashingShare.Of(application, caller.Client),
            application,
            stored,
            password.ToInput(prehashed)
        );
        if (locked)
        {
            return (application.Settings.HideAccountExistence ? ErrorCodes.InvalidCredentials : ErrorCodes.UserSuspended).WithCause(
                "locked"
            );
        }

        if (!match.Matches)
        {
            await attempts.RecordFailure(application, user, name, attempt, caller.Client);
            return ErrorCodes.InvalidCredentials;
        }

        if (user is null && application.Settings.HideAccountExistence)
        {
            // Counted as a wrong password: a released attempt would reveal the user
            return ErrorCodes.InvalidCredentials.WithCause("not verified");
        }

        if (user is null or { IsSuspended: true })
        {
            await attempts.Release(application, user, name, caller.Client, attempt.State);
            return user is null ? ErrorCodes.NotVerified : ErrorCodes.UserSuspended;
        }

        var demand = await secondFactor.FindDemand(application, user, deviceToken);
        return await CompleteLogin(caller, name, user, password, match.IsOutdated, demand) is var answer && answer.Error == ChangedMeanwhile
            ? await LogIn(caller, name, password, deviceToken)
            : answer;
    }

    /// <summary>
    /// The user, and the signup that waits for its code, in one round trip; both are looked for whether or not the other is there.
    /// </summary>
    private async Task<(User? User, SignupRow? Pending)> FindByEmail(DbConnection db, string appId, string handle)
    {
        await using var both = await db.QueryMultipleAsync(
            $"{UserStore.SelectByHandle}; {SignupStore.SelectNewestPending}",
            new
            {
                appId,
                handleKey = Handle.KeyOf(handle),
                now = clock.Now(),
            }
        );
        return (await both.ReadSingleOrDefaultAsync<User>(), await both.ReadSingleOrDefaultAsync<SignupRow>());
    }

    private async Task<Result<LoginResult>> CompleteLogin(
        AppCaller caller,
        string name,
        User user,
        RawPassword password,
        bool rehash,
        FactorDemand wanted
    )
    {
        var application = caller.Application;
        var newHash = rehash
            ? (await hasher.Hash(HashingShare.Of(application, caller.Client), password.ToInput(user.PasswordPrehashed))).Value
            : null;
        if ((await secondFactor.TryAcquireMessage(application, user, wanted)).Failed(out var demand, out var tooMany))
        {
            await attempts.Release(application, user, name, caller.Client, LoginAttemptState.Allowed);
            return tooMany;
        }

        var opened = await database.Write<Result<Opened>>(async db =>
        {
            // A suspension or a new password that was set during hashing wins, and so does a device that was forgotten.
            if (
                await users.FindForUpdate(db, database.Dialect, application.Id, user.Id) is not { IsSuspended: false } now
                || now.PasswordHash != user.PasswordHash
                || await secondFactor.IsOutdated(db, application, now, demand)
            )
            {
                return ChangedMeanwhile;
            }

            if (newHash is not null)
            {
                await users.SetPassword(db, application.Id, user.Id, user.PasswordHash, newHash, user.PasswordPrehashed, user.UpdatedAt);
            }

            await attempts.RecordSuccess(db, application, user, name, caller.Client);
            await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address) { Detail = demand.Describe() });
            if (!demand.IsNeeded)
            {
                return new Opened(await signIn.Open(db, application, now, caller.Client, AuthenticationMethods.Password), null);
            }

            var begun = await secondFactor.Begin(db, application, user, caller.Client, demand, AuthenticationMethods.Password);
            return begun.Failed(out var token, out var full) ? full : new Opened(null, token);
        });
        if (opened.Error is { } refused && refused != ChangedMeanwhile)
        {
            await attempts.Release(application, user, name, caller.Client, LoginAttemptState.Allowed);
        }

        outbox.Wake();
        return opened switch
        {
            { Error: { } error } => error,
            { Value.LoginToken: { } token } => new SecondFactorRequired(token),
            { Value.Session: { } session } => new LoggedIn(user, session),
            _ => throw new InvalidOperationException("neither a session nor a login token"),
        };
    }

    private sealed record Opened(Session? Session, LoginTokenAnswer? LoginToken);
}
