using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users.Sessions;

namespace Latchkey.Users;

/// <summary>
/// What somebody may have set who signed up with an address and never proved that it is theirs. When its owner proves it for the first
/// time, nothing of that survives: no password, passkey, second factor, linked identity, phone
/// number, user name, session or code.
/// </summary>
public sealed class EarlierOwner(UserStore users, AddressConfirmation confirmation, SecurityNotifications notifications, TimeProvider clock)
{
    /// <summary>The user as it is after <see cref="Remove"/>.</summary>
    public static User Without(User user) =>
        user with
        {
            EmailVerified = true,
            PasswordHash = null,
            TwoFactorGoogle = false,
            TwoFactorPhone = false,
            TotpSeedSealed = null,
            Phone = null,
            PendingPhone = null,
            UserName = null,
            PasskeyCount = 0,
            FailedLogins = 0,
            FailedCodes = 0,
        };

    /// <summary>
    /// Marks the address as verified, and removes all that the user has by then. The owner gets a mail. Runs in the transaction that uses
    /// the proof up, with the user's row locked. Returns the user as it is then.
    /// </summary>
    public async Task<User> Remove(DbConnection db, Application application, User user, ClientAddress client)
    {
        var end = new SessionEnd(SessionEndReason.PasswordReset, client.Address, clock.Now());
        await users.RemovePassword(db, user.AppId, user.Id, end.At);
        await confirmation.Confirm(db, user, keepsTwoFactor: false, end);
        if (user.PasswordHash is not null)
        {
            await notifications.Send(db, application, user, MessageKind.PasswordChanged, client.Address);
        }

        if (user.HasSecondFactor(application.Settings))
        {
            await notifications.Send(db, application, user, MessageKind.SecondFactorOff, client.Address);
        }

        return Without(user);
    }
}
