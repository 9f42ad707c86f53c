using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>A user's second factors, for the user, for the portal, for servers and for the command line.</summary>
public sealed class UserSecondFactors(
    Database database,
    UserStore users,
    UserCodes codes,
    UserRecoveryCodes recoveryCodes,
    RememberedDevices devices,
    PasskeyStore passkeys,
    SecurityNotifications notifications,
    UserChanges changes,
    TimeProvider clock
)
{
    public Task<FactorStatus> Find(ApplicationSettings settings, User user) =>
        database.Read(async db => new FactorStatus(
            user.HasSecondFactor(settings) ? await recoveryCodes.CountUnused(db, user) : 0,
            await devices.List(db, settings, user)
        ));

    /// <summary>
    /// Switches all second factors off, for a user who lost them, and tells the user by mail. The phone number stays; the authenticator
    /// secret, passkeys that are second factors, recovery codes, remembered devices and pending logins go.
    /// </summary>
    public Task<Result<Done>> Reset(Application application, User user, Actor actor) =>
        changes.Apply(
            user,
            "resetSecondFactor",
            actor,
            async db =>
            {
                await users.SetTotp(db, user.AppId, user.Id, null, clock.Now());
                await users.SetTwoFactorPhone(db, user.AppId, user.Id, on: false, clock.Now());
                await users.ResetFailures(db, user.AppId, user.Id);
                await recoveryCodes.RemoveAll(db, user);
                await devices.RemoveAll(db, user);
                await codes.EndLogins(db, user);
                if (application.Settings.CountsPasskeysAsFactor)
                {
                    await passkeys.DeleteAll(db, user.AppId, user.Id);
                }

                if (user.HasSecondFactor(application.Settings))
                {
                    await notifications.Send(db, application, user, MessageKind.SecondFactorOff, application.Name);
                }
            }
        );

    /// <summary>Forgets the user's remembered devices: the next login on each asks for the second factor.</summary>
    public Task<Result<Done>> ForgetDevices(User user, Actor actor) =>
        changes.Apply(user, "forgetDevices", actor, db => devices.RemoveAll(db, user));
}
