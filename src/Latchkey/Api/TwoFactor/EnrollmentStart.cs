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

/// <summary>enrollFactor: begins what <see cref="Enrollment"/> completes.</summary>
public sealed class EnrollmentStart(
    Database database,
    UserStore users,
    UserCodes codes,
    FactorSms sms,
    RateLimits limits,
    KeyRing ring,
    InstallationTokens tokens,
    AuditStore audit
)
{
    public const string Action = "enrollFactor";

    /// <summary>
    /// Creates the key of an authenticator app. It is in use after its first code in loginComplete. 600 for a login token that does not
    /// enrol, 408 if the application does not allow it, 700 after too many keys.
    /// </summary>
    public async Task<Result<AuthenticatorKey>> StartAuthenticator(AppCaller caller, string loginToken)
    {
        if ((await Find(caller, loginToken)).Failed(out var found, out var refused))
        {
            return refused;
        }

        var (application, (step, user)) = (caller.Application, found);
        if (!application.Settings.AllowsAuthenticator)
        {
            return ErrorCodes.GoogleTwoFactorDisabled;
        }

        if (await limits.TryAcquire(application.Id, new RateLimitRequest(DefaultLimits.AuthenticatorKeys, user.Id)) is { } tooMany)
        {
            return tooMany;
        }

        var seed = Totp.CreateSeed();
        var stored = await database.Write<Result<Done>>(async db =>
        {
            await LogStart(db, caller, user);
            return await codes.ExpectAuthenticator(db, step, ring.Encrypt(UserCode.SeedPurpose(step.Id), seed))
                ? default(Done)
                : ErrorCodes.InvalidCredentials.WithCause("the login token was used");
        });
        return stored.Error is { } used ? used : AuthenticatorKey.Create(application, user, seed);
    }

    /// <summary>
    /// Sends a code to a number. 600 for a login token that does not enrol, 409 if the application does not allow it, 602 for no number,
    /// 412 when another user has verified it, 700 asked too often.
    /// </summary>
    public async Task<Result<Done>> StartPhone(AppCaller caller, string loginToken, string raw)
    {
        if ((await Find(caller, loginToken)).Failed(out var found, out var refused))
        {
            return refused;
        }

        var (application, (step, user)) = (caller.Application, found);
        if (!application.Settings.AllowsSms)
        {
            return ErrorCodes.PhoneTwoFactorDisabled;
        }

        if (PhoneNumber.ParsePossible(raw).Failed(out var phone, out var notANumber))
        {
            return notANumber;
        }

        if (FactorMethod.Sms.IsUsedUp(step.Detail))
        {
            return ErrorCodes.PhoneTwoFactorDisabled.WithCause("the login began with an SMS");
        }

        if (await database.Read(db => users.IsPhoneTaken(db, application.Id, user.Id, phone.Text)))
        {
            return ErrorCodes.PhoneInUse;
        }

        if (await sms.TryAcquireToUnverified(application, user, phone.Text, caller.Client) is { } tooMany)
        {
            return tooMany;
        }

        var sent = await database.Write<Result<Done>>(async db =>
        {
            // The user's row is locked first, as at login: the budget's row is the application's.
            await users.FindForUpdate(db, database.Dialect, application.Id, user.Id);
            await LogStart(db, caller, user);
            return await sms.SendToUnverified(db, application, user, step, caller.Client, phone.Text);
        });
        sms.Wake();
        return sent;
    }

    /// <summary>The pending login of a token that must enrol, and its user.</summary>
    private async Task<Result<(UserCode Step, User User)>> Find(AppCaller caller, string loginToken)
    {
        var appId = caller.Application.Id;
        return
            tokens.ReadLogin(loginToken) is { } token
            && token.AppId == appId
            && await database.Read(db => codes.FindActive(db, appId, token.Id, CodePurpose.Enrollment)) is { } step
            && await database.Read(db => users.Find(db, appId, step.UserId)) is { } user
            ? user.IsSuspended
                ? ErrorCodes.UserSuspended
                : (step, user)
            : ErrorCodes.InvalidCredentials.WithCause("not a login token that sets a second factor up");
    }

    private Task LogStart(DbConnection db, AppCaller caller, User user) =>
        audit.Add(db, new AuditEntry(caller.Application.Id, Action, user.Handle, caller.Client.Address));
}
