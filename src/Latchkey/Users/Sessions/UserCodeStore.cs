using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Users.Sessions;

/// <summary>The table user_codes.</summary>
public sealed class UserCodeStore(Dialect dialect)
{
    private const string Columns =
        "id, app_id, user_id, purpose, network, code_hash, link_hash, detail, seed_sealed, phone, tries, created_at, expires_at, used_at";

    private static readonly LiveCodes Codes = new(
        "user_codes",
        live: "app_id = @appId AND user_id = @userId AND purpose = @purpose AND used_at IS NULL AND expires_at > @now",
        requester: "network",
        ended: "used_at = @now"
    );

    public Task Insert(DbConnection db, UserCode code) =>
        db.ExecuteAsync(
            """
            INSERT INTO user_codes (id, app_id, user_id, purpose, network, code_hash, link_hash, detail, tries, created_at, expires_at)
            VALUES (@Id, @AppId, @UserId, @Purpose, @Network, @CodeHash, @LinkHash, @Detail, 0, @CreatedAt, @ExpiresAt)
            """,
            code
        );

    /// <summary>Makes room for another code, as <see cref="LiveCodes.MakeRoom"/>.</summary>
    public Task<Error?> MakeRoom(DbConnection db, string appId, string userId, string purpose, string network, long now) =>
        Codes.MakeRoom(
            db,
            new
            {
                appId,
                userId,
                purpose,
                requester = network,
                now,
            },
            now
        );

    /// <summary>Finds the active code of a purpose whose code or link has one of these hashes.</summary>
    /// <param name="network">Only codes that this network requested; empty for all.</param>
    public Task<UserCode?> FindByCode(
        DbConnection db,
        string appId,
        string userId,
        string purpose,
        string[] hashes,
        string network,
        long now
    ) =>
        db.QueryFirstOrDefaultAsync<UserCode>(
            $"""
            SELECT {Columns} FROM user_codes
            WHERE app_id = @appId AND user_id = @userId AND purpose = @purpose AND used_at IS NULL AND expires_at > @now
              AND (code_hash {dialect.InArray("hashes")} OR link_hash {dialect.InArray("hashes")})
              AND (@network = '' OR network = @network)
            """,
            new
            {
                appId,
                userId,
                purpose,
                hashes,
                network,
                now,
            }
        );

    /// <summary>Counts an attempt for this code before it is verified; null when it is used, expired or has no attempts left.</summary>
    public Task<UserCode?> TryAcquireAttempt(DbConnection db, string appId, string id, string[] purposes, int maxAttempts, long now) =>
        db.QuerySingleOrDefaultAsync<UserCode>(
            $"""
            UPDATE user_codes SET tries = tries + 1
            WHERE app_id = @appId AND id = @id AND purpose {dialect.InArray("purposes")} AND tries < @maxAttempts
              AND used_at IS NULL AND expires_at > @now
            RETURNING {Columns}
            """,
            new
            {
                appId,
                id,
                purposes,
                maxAttempts,
                now,
            }
        );

    /// <summary>Finds an active code by its id; null when it is used or expired, or has another purpose.</summary>
    public Task<UserCode?> FindActive(DbConnection db, string appId, string id, string purpose, long now) =>
        db.QuerySingleOrDefaultAsync<UserCode>(
            $"SELECT {Columns} FROM user_codes WHERE app_id = @appId AND id = @id AND purpose = @purpose AND used_at IS NULL "
                + "AND expires_at > @now",
            new
            {
                appId,
                id,
                purpose,
                now,
            }
        );

    /// <summary>The newest active code of a user for a purpose and a detail.</summary>
    public Task<UserCode?> FindNewest(DbConnection db, string appId, string userId, string purpose, string detail, long now) =>
        db.QueryFirstOrDefaultAsync<UserCode>(
            $"SELECT {Columns} FROM user_codes WHERE app_id = @appId AND user_id = @userId AND purpose = @purpose AND detail = @detail "
                + "AND used_at IS NULL AND expires_at > @now ORDER BY created_at DESC, id DESC LIMIT 1",
            new
            {
                appId,
                userId,
                purpose,
                detail,
                now,
            }
        );

    /// <summary>Replaces what an active row waits for: a code that was sent, or the first code of an authenticator app.</summary>
    public async Task<bool> SetExpected(
        DbConnection db,
        string appId,
        string id,
        string codeHash,
        string? seedSealed,
        string? phone,
        long now
    ) =>
        await db.ExecuteAsync(
            "UPDATE user_codes SET code_hash = @codeHash, seed_sealed = @seedSealed, phone = @phone "
                + "WHERE app_id = @appId AND id = @id AND used_at IS NULL AND expires_at > @now",
            new
            {
                appId,
                id,
                codeHash,
                seedSealed,
                phone,
                now,
            }
        ) == 1;

    /// <summary>Marks the code as used; true for one caller only.</summary>
    public async Task<bool> MarkUsed(DbConnection db, string appId, string id, long now) =>
        await db.ExecuteAsync(
            "UPDATE user_codes SET used_at = @now WHERE app_id = @appId AND id = @id AND used_at IS NULL AND expires_at > @now",
            new
            {
                appId,
                id,
                now,
            }
        ) == 1;

    /// <summary>The user's active codes, newest first.</summary>
    public async Task<IReadOnlyList<UserCode>> ListActive(DbConnection db, string appId, string userId, long now, int limit) =>
        [
            .. await db.QueryAsync<UserCode>(
                $"SELECT {Columns} FROM user_codes WHERE app_id = @appId AND user_id = @userId AND used_at IS NULL AND expires_at "
                    + "> @now ORDER BY created_at DESC LIMIT @limit",
                new
                {
                    appId,
                    userId,
                    now,
                    limit,
                }
            ),
        ];

    /// <summary>The numbers that the user has asked codes for lately, verified or not.</summary>
    public async Task<IReadOnlyList<string>> ListPhoneNumbers(DbConnection db, string appId, string userId) =>
        [
            .. await db.QueryAsync<string>(
                $"""
                SELECT detail FROM user_codes
                WHERE app_id = @appId AND user_id = @userId AND purpose = '{CodePurpose.Phone}' AND detail <> ''
                UNION SELECT phone FROM user_codes WHERE app_id = @appId AND user_id = @userId AND phone IS NOT NULL
                """,
                new { appId, userId }
            ),
        ];

    /// <summary>Ends all codes of a user, of one purpose or of all.</summary>
    public Task EndAll(DbConnection db, string appId, string userId, long now, string purpose = "") =>
        db.ExecuteAsync(
            "UPDATE user_codes SET used_at = @now WHERE app_id = @appId AND user_id = @userId AND (@purpose = '' OR purpose = "
                + "@purpose) AND used_at IS NULL",
            new
            {
                appId,
                userId,
                purpose,
                now,
            }
        );

    /// <summary>Deletes up to <paramref name="limit"/> expired codes. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM user_codes WHERE (app_id, id) IN (SELECT app_id, id FROM user_codes WHERE expires_at < @before LIMIT @limit)",
            new { before, limit }
        );
}
