using System.Data.Common;
using Latchkey.Data;
using Latchkey.Users.Identities;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Users;

/// <summary>A user proved that the address is theirs, by a mailed code or a provider's word.</summary>
public sealed class AddressConfirmation(
    Dialect dialect,
    UserStore users,
    UserIdentityStore identities,
    PasskeyStore passkeys,
    UserRecoveryCodes recoveryCodes,
    UserCodes codes,
    SessionStore sessions
)
{
    /// <summary>
    /// Marks the address as verified, and ends all codes and sessions, in the transaction that uses the proof up. If the address was never
    /// verified before, everything goes that an earlier owner may have left to come back with: second factors, recovery codes, passkeys,
    /// phone number, user name and linked identities. The password is the caller's to replace.
    /// </summary>
    public async Task Confirm(DbConnection db, User user, bool keepsTwoFactor, SessionEnd end)
    {
        if (await users.FindForUpdate(db, dialect, user.AppId, user.Id) is { EmailVerified: false } unverified)
        {
            await identities.RemoveAll(db, unverified.AppId, unverified.Id);
            await passkeys.DeleteAll(db, unverified.AppId, unverified.Id);
            await recoveryCodes.RemoveAll(db, unverified);
        }

        await users.ConfirmEmail(db, user.AppId, user.Id, keepsTwoFactor, end.At);
        await codes.EndAll(db, user);
        await sessions.EndAll(db, user.AppId, user.Id, end);
    }
}
