using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>Asks someone who is signed in for the password again, before what a stranger at an open browser must not do.</summary>
public sealed class PasswordCheck(Database database, PasswordHasher hasher, RateLimits limits)
{
    /// <summary>Null when it is theirs; 600 when it is not, 700 after too many.</summary>
    public async Task<Error?> Check(Developer developer, string password)
    {
        if (await limits.Take(DeveloperAccounts.Scope, new Try(DefaultLimits.PortalPasswords, developer.Id)) is not null)
        {
            return AccountInput.TooMany;
        }

        var (match, busy) = await hasher.Verify(DeveloperAccounts.Scope, developer.PasswordHash, new RawPassword(password).As(prehashed: false));
        if (busy is not null)
        {
            await database.Write(db => limits.GiveBack(db, DefaultLimits.PortalPasswords, DeveloperAccounts.Scope, developer.Id));
            return AccountInput.Busy;
        }

        if (!match!.Matches)
        {
            return AccountInput.WrongPassword;
        }

        await database.Write(db => limits.Clear(db, DefaultLimits.PortalPasswords, DeveloperAccounts.Scope, developer.Id));
        return null;
    }
}
