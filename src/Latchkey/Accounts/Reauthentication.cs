using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>Asks someone who is signed in for the password again, before what a stranger at an open browser must not do.</summary>
public sealed class Reauthentication(Database database, PasswordHasher hasher, RateLimits limits)
{
    /// <summary>Null when it is theirs; 600 when it is not, 700 after too many.</summary>
    public async Task<Error?> Verify(Developer developer, string password)
    {
        if (
            await limits.TryAcquire(DeveloperAccounts.Scope, new RateLimitRequest(DefaultLimits.PortalPasswordChecks, developer.Id))
            is not null
        )
        {
            return AccountValidator.TooManyAttempts;
        }

        if (
            (
                await hasher.Verify(DeveloperAccounts.Scope, developer.PasswordHash, new RawPassword(password).ToInput(prehashed: false))
            ).Failed(out var match, out var busy)
        )
        {
            await database.Write(db => limits.Release(db, DefaultLimits.PortalPasswordChecks, DeveloperAccounts.Scope, developer.Id));
            return AccountValidator.Busy;
        }

        if (!match.Matches)
        {
            return AccountValidator.WrongPassword;
        }

        await database.Write(db => limits.Clear(db, DefaultLimits.PortalPasswordChecks, DeveloperAccounts.Scope, developer.Id));
        return null;
    }
}
