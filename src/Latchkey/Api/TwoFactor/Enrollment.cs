using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>
/// Setting a second factor up in the middle of a login, for users who must have one and have none. The first code, in loginComplete,
/// switches it on.
/// </summary>
public sealed class Enrollment(
    UserStore users,
    UserCodes codes,
    UserRecoveryCodes recoveryCodes,
    RememberedDevices devices,
    SecurityNotifications notifications,
    NewPasskeys newPasskeys,
    KeyRing ring,
    AuditStore audit,
    Dialect dialect,
    TimeProvider clock
)
{
    /// <summary>The method that completes a login without being named: the code that was sent, or else the authenticator app's.</summary>
    public static FactorMethod MethodOf(UserCode step) => step.IsSent ? FactorMethod.Sms : FactorMethod.Otp;

    /// <summary>
    /// Whether this is the first code, or the passkey, of what the user has begun to set up. The user must still have no factor, and the
    /// application must still allow this one. Call it with the user's row locked.
    /// </summary>
    public bool Matches(Application application, User user, UserCode step, FactorMethod method, FactorAnswer answer) =>
        FactorMethods.Of(application.Settings, user).Count == 0
        && !method.IsUsedUp(step.Detail)
        && FactorMethods.Allowed(application.Settings).Contains(method)
        && method switch
        {
            FactorMethod.Otp => FindTimeStep(step, answer.Code) is not null,
            FactorMethod.Sms => step is { IsSent: true, Phone: not null } && codes.Matches(step, user, answer.Code),
            FactorMethod.Passkey => answer.NewPasskey is not null,
            _ => false,
        };

    /// <summary>
    /// Switches the new factor on. Returns the recovery codes. Runs in the transaction that opens the session, after
    /// <see cref="Matches"/>.
    /// </summary>
    public async Task<Result<RecoveryCodesAnswer>> Store(
        DbConnection db,
        Application application,
        User user,
        UserCode step,
        FactorAnswer answer,
        ClientAddress client
    )
    {
        var now = clock.Now();
        await codes.EndLogins(db, user);
        await audit.Add(db, new AuditEntry(application.Id, EnrollmentStart.Action, user.Handle, client.Address) { Detail = "switched on" });
        if (answer.NewPasskey is { } registered)
        {
            return (await newPasskeys.Store(db, application, user, registered, name: null, client)).Failed(out var added, out var unfit)
                    ? unfit
                : added.RecoveryCodes is { } shown ? new RecoveryCodesAnswer(shown)
                : throw new InvalidOperationException("a passkey is a factor where the application requires one");
        }

        if (step.Phone is { } phone)
        {
            await users.SetPhone(db, user.AppId, user.Id, phone, now);
            await users.SetTwoFactorPhone(db, user.AppId, user.Id, on: true, now);
        }
        else
        {
            var pending = step.SeedSealed ?? throw new InvalidOperationException("nothing was begun");
            var timeStep = FindTimeStep(step, answer.Code) ?? throw new InvalidOperationException("the code expired within this call");
            var seed = ring.Open(UserCode.SeedPurpose(step.Id), pending);
            await users.SetTotp(db, user.AppId, user.Id, ring.Encrypt(GoogleTwoFactor.SeedEncryptionPurpose(user.Id), seed), now);
            await users.MarkTotpStepUsed(db, user.AppId, user.Id, timeStep);
        }

        await devices.RemoveAll(db, user); // of an earlier factor
        await notifications.Send(db, application, user, MessageKind.SecondFactorOn, client.Address);
        return new RecoveryCodesAnswer(await recoveryCodes.Renew(db, user));
    }

    /// <summary>412 when another user has verified the number meanwhile.</summary>
    public async Task<Result<T>> Guard<T>(Func<Task<Result<T>>> store)
    {
        try
        {
            return await store();
        }
        catch (DbException e) when (dialect.IsUniqueViolation(e, "phone"))
        {
            return ErrorCodes.PhoneInUse;
        }
    }

    private long? FindTimeStep(UserCode step, string code) =>
        step.SeedSealed is { } seed ? Totp.FindMatchingStep(ring.Open(UserCode.SeedPurpose(step.Id), seed), code, clock.GetUtcNow()) : null;
}
