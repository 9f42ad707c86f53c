using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>The table recovery_codes.</summary>
public sealed class RecoveryCodeStore(Dialect dialect)
{
    /// <summary>Inserts the hashes of new codes, by their ids.</summary>
    /// <param name="ringKey">The key of the key ring that hashed them.</param>
    public Task Insert(
        DbConnection db,
        string appId,
        string userId,
        IEnumerable<(string Id, string Hash)> codes,
        string ringKey,
        long now
    ) =>
        db.ExecuteAsync(
            "INSERT INTO recovery_codes (app_id, id, user_id, code_hash, ring_key, created_at) "
                + "VALUES (@appId, @Id, @userId, @Hash, @ringKey, @now)",
            codes.Select(code => new
            {
                appId,
                code.Id,
                userId,
                code.Hash,
                ringKey,
                now,
            })
        );

    /// <summary>Consumes a code; true for one caller only.</summary>
    public async Task<bool> TryUse(DbConnection db, string appId, string userId, string[] hashes, long now) =>
        await db.ExecuteAsync(
            $"""
            UPDATE recovery_codes SET used_at = @now
            WHERE app_id = @appId AND user_id = @userId AND code_hash {dialect.InArray("hashes")} AND used_at IS NULL
            """,
            new
            {
                appId,
                userId,
                hashes,
                now,
            }
        ) == 1;

    /// <summary>How many codes of a user are not used.</summary>
    public Task<int> CountUnused(DbConnection db, string appId, string userId) =>
        db.QuerySingleAsync<int>(
            "SELECT COUNT(*) FROM recovery_codes WHERE app_id = @appId AND user_id = @userId AND used_at IS NULL",
            new { appId, userId }
        );

    /// <summary>Deletes all codes of a user.</summary>
    public Task RemoveAll(DbConnection db, string appId, string userId) =>
        db.ExecuteAsync("DELETE FROM recovery_codes WHERE app_id = @appId AND user_id = @userId", new { appId, userId });
}
