using System.Data.Common;
using Dapper;

namespace Latchkey.Provider;

/// <summary>
/// Deletes what the provider keeps of an application. Grants and consents go with the users. Clients and resources are settings, so they
/// stay when an application is reset; and so does what says that a token was used or revoked.
/// </summary>
public sealed class ProviderErasure
{
    /// <summary>Deletes up to <paramref name="limit"/> rows. Returns how many; 0 when nothing is left.</summary>
    /// <param name="isReset">The application stays.</param>
    public async Task<int> RemoveBatch(DbConnection db, string appId, bool isReset, int limit)
    {
        foreach (
            var table in isReset
                ? ["logout_notices", "device_codes", "provider_sign_ins"]
                : new[] { "logout_notices", "device_codes", "provider_sign_ins", "used_tokens", "clients", "identity_providers" }
        )
        {
            var rows = await db.ExecuteAsync(
                $"DELETE FROM {table} WHERE app_id = @appId AND id IN (SELECT id FROM {table} WHERE app_id = @appId LIMIT @limit)",
                new { appId, limit }
            );
            if (rows > 0)
            {
                return rows;
            }
        }

        return 0;
    }
}
