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
    KeyRing ring,
    AuditStore audit,
    Dialect dialect,
    TimeProvider clock
)
{
    /// <summary>The method that completes a login without being named: the code that was sent, or else the authenticator app's.</summary>
    public static FactorMethod MethodOf(UserCode step) => step.IsSent ? FactorMethod.Sms : FactorMethod.Otp;

    /// <summary>
    /// Whether this is the first code of what the user has begun to set up. The user must still have no factor, and the application must
    /// still allow this one. Call it with the user's row locked.
    /// </summary>
    public bool Matches(Application application, User user, UserCode step, FactorMethod method, string code) =>
        FactorMethods.Of(application.Settings, user).Count == 0
        && FactorMethods.Allowed(application.Settings).Contains(method)
        && method switch
        {
            FactorMethod.Otp => FindTimeStep(step, code) is not null,
            FactorMethod.Sms => step is { IsSent: true, Phone: not null } && codes.Matches(step, user, code),
            _ => false,
        };

    /// <summary>
    /// Switches the new factor on. Returns the recovery codes. Runs in the transaction that opens the session, after
    /// <see cref="Matches"/>.
    /// </summary>
    public async Task<IReadOnlyList<string>> Store(
        DbConnection db,
        Application application,
        User user,
        UserCode step,
        string code,
        ClientAddress client
    )
    {
        var now = clock.Now();
        if (step.Phone is { } phone)
        {
            await users.SetPhone(db, user.AppId, user.Id, phone, now);
            await users.SetTwoFactorPhone(db, user.AppId, user.Id, on: true, now);
        }
        else
        {
            var pending = step.SeedSealed ?? throw new InvalidOperationException("nothing was begun");
            var timeStep = FindTimeStep(step, code) ?? throw new InvalidOperationException("the code expired within this call");
            var seed = ring.Open(UserCode.SeedPurpose(step.Id), pending);
            await users.SetTotp(db, user.AppId, user.Id, ring.Encrypt(GoogleTwoFactor.SeedEncryptionPurpose(user.Id), seed), now);
            await users.MarkTotpStepUsed(db, user.AppId, user.Id, timeStep);
        }

        await devices.RemoveAll(db, user); // of an earlier factor
        await codes.EndLogins(db, user);
        await notifications.Send(db, application, user, MessageKind.SecondFactorOn, client.Address);
        await audit.Add(db, new AuditEntry(application.Id, EnrollmentStart.Action, user.Handle, client.Address) { Detail = "switched on" });
        return await recoveryCodes.Renew(db, user);
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
