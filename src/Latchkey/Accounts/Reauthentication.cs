using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>Asks a signed-in developer for the password again before a sensitive action.</summary>
public sealed class Reauthentication(Database database, PasswordHasher hasher, RateLimits limits)
{
    /// <summary>Null when the password is correct; 600 when it is wrong, 700 after too many attempts.</summary>
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
                await hasher.Verify(
                    HashingShare.ForScope(DeveloperAccounts.Scope, developer.Id),
                    developer.PasswordHash,
                    new RawPassword(password).ToInput(prehashed: false)
                )
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
