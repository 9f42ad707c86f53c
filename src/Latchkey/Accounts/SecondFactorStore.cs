using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Accounts;

/// <summary>The authenticator columns of developers, and the table developer_recovery_codes.</summary>
public sealed class SecondFactorStore(Dialect dialect, DeveloperPasskeyStore passkeys)
{
    /// <summary>Sets the pending seed; null removes it.</summary>
    public Task SetPending(DbConnection db, string developerId, string? seedSealed, long now) =>
        db.ExecuteAsync(
            "UPDATE developers SET totp_pending_sealed = @seedSealed, totp_pending_at = @now WHERE id = @developerId",
            new
            {
                developerId,
                seedSealed,
                now,
            }
        );

    /// <summary>Enables the pending seed if it is still this one; its first time step is marked as used.</summary>
    public async Task<bool> Confirm(DbConnection db, string developerId, string seedSealed, long step) =>
        await db.ExecuteAsync(
            """
            UPDATE developers SET totp_seed_sealed = totp_pending_sealed, totp_pending_sealed = NULL, totp_last_step = @step
            WHERE id = @developerId AND totp_pending_sealed = @seedSealed
            """,
            new
            {
                developerId,
                seedSealed,
                step,
            }
        ) == 1;

    /// <summary>Marks a time step as used; false when it or a later one was used before.</summary>
    public async Task<bool> TryUseStep(DbConnection db, string developerId, long step) =>
        await db.ExecuteAsync(
            "UPDATE developers SET totp_last_step = @step WHERE id = @developerId AND totp_seed_sealed IS NOT NULL AND "
                + "totp_last_step < @step",
            new { developerId, step }
        ) == 1;

    /// <summary>Removes all second factors: authenticator app, passkeys and recovery codes.</summary>
    public async Task Clear(DbConnection db, string developerId)
    {
        await RemoveAuthenticator(db, developerId);
        await passkeys.DeleteAll(db, developerId);
        await RemoveCodes(db, developerId);
    }

    public Task RemoveAuthenticator(DbConnection db, string developerId) =>
        db.ExecuteAsync(
            "UPDATE developers SET totp_seed_sealed = NULL, totp_pending_sealed = NULL WHERE id = @developerId",
            new { developerId }
        );

    /// <summary>Replaces all recovery codes.</summary>
    /// <param name="ringKey">The key of the key ring that hashed them.</param>
    public async Task ReplaceCodes(DbConnection db, string developerId, IEnumerable<string> hashes, string ringKey)
    {
        await RemoveCodes(db, developerId);
        await db.ExecuteAsync(
            "INSERT INTO developer_recovery_codes (developer_id, code_hash, ring_key) VALUES (@developerId, @hash, @ringKey)",
            hashes.Select(hash => new
            {
                developerId,
                hash,
                ringKey,
            })
        );
    }

    /// <summary>Consumes a recovery code; true once.</summary>
    public async Task<bool> TryConsumeCode(DbConnection db, string developerId, string[] hashes) =>
        await db.ExecuteAsync(
            $"DELETE FROM developer_recovery_codes WHERE developer_id = @developerId AND code_hash {dialect.InArray("hashes")}",
            new { developerId, hashes }
        ) == 1;

    public Task<int> CountCodes(DbConnection db, string developerId) =>
        db.QuerySingleAsync<int>("SELECT COUNT(*) FROM developer_recovery_codes WHERE developer_id = @developerId", new { developerId });

    public Task RemoveCodes(DbConnection db, string developerId) =>
        db.ExecuteAsync("DELETE FROM developer_recovery_codes WHERE developer_id = @developerId", new { developerId });
}
