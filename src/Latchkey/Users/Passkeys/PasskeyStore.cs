using System.Data.Common;
using Dapper;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Users.Passkeys;

/// <summary>The tables passkeys and used_passkey_challenges, and the columns about passkeys of users.</summary>
public sealed class PasskeyStore
{
    private const string Columns = """
        p.id, p.rp_id, p.credential_id, p.public_key, p.sign_count, p.transports, p.backup_eligible, p.backed_up, p.aaguid, p.name,
        p.created_at, p.last_used_at, u.passkey_user_handle
        """;

    /// <summary>The passkey of a relying party with this credential id, its user, and the user's handle at authenticators.</summary>
    public Task<PasskeyOwner?> FindByCredential(DbConnection db, string appId, string rpId, string credentialId) =>
        db.QueryRow(
            $"""
            SELECT {UserStore.Columns}, {Columns} FROM passkeys p JOIN users u ON u.app_id = p.app_id AND u.id = p.user_id
            WHERE p.app_id = $1 AND p.rp_id = $2 AND p.credential_id = $3
            """,
            Read,
            appId,
            rpId,
            credentialId
        );

    /// <summary>A user's passkeys, newest first, those of an earlier relying party too.</summary>
    public async Task<IReadOnlyList<Passkey>> List(DbConnection db, string appId, string userId) =>
        [
            .. await db.QueryAsync<Passkey>(
                "SELECT * FROM passkeys WHERE app_id = @appId AND user_id = @userId ORDER BY created_at DESC, id DESC",
                new { appId, userId }
            ),
        ];

    /// <summary>
    /// The random id by which authenticators know the user (WebAuthn §5.4.3), in base64url. It is made the first time and never changes.
    /// </summary>
    public async Task<string> FindOrAddUserHandle(DbConnection db, string appId, string userId, string candidate) =>
        await db.QuerySingleOrDefaultAsync<string>(
            "UPDATE users SET passkey_user_handle = COALESCE(passkey_user_handle, @candidate) WHERE app_id = @appId AND id = @userId "
                + "RETURNING passkey_user_handle",
            new
            {
                appId,
                userId,
                candidate,
            }
        ) ?? candidate;

    /// <summary>As <see cref="FindOrAddUserHandle"/>, without making one; null when there is none.</summary>
    public Task<string?> FindUserHandle(DbConnection db, string appId, string userId) =>
        db.QuerySingleOrDefaultAsync<string?>(
            "SELECT passkey_user_handle FROM users WHERE app_id = @appId AND id = @userId",
            new { appId, userId }
        );

    /// <summary>Inserts the passkey; false when its credential is registered already.</summary>
    public async Task<bool> Insert(DbConnection db, Passkey passkey)
    {
        var inserted = await db.ExecuteAsync(
            """
            INSERT INTO passkeys (app_id, id, user_id, rp_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up,
              aaguid, name, created_at, last_used_at)
            VALUES (@AppId, @Id, @UserId, @RpId, @CredentialId, @PublicKey, @SignCount, @Transports, @BackupEligible, @BackedUp,
              @Aaguid, @Name, @CreatedAt, @LastUsedAt)
            ON CONFLICT (app_id, credential_id) DO NOTHING
            """,
            passkey
        );
        await Count(db, passkey.AppId, passkey.UserId, passkey.RpId);
        return inserted == 1;
    }

    /// <summary>
    /// Uses up the challenge and records the use of the passkey, in one round trip. The first result is false when the challenge was used
    /// before, the second when the passkey is gone or its counter was as high before.
    /// </summary>
    public async Task<(bool Challenge, bool Passkey)> Use(DbConnection db, PasskeyProof proof, long now)
    {
        var changed = await db.QueryNumbers(UseChallenge(proof), RecordUse(proof, now));
        return (changed[0] is not null, changed[1] is not null);
    }

    /// <summary>
    /// As <see cref="Use"/>, and locks the user's row in the same round trip. <c>LastSeen</c> is when the user was last active, 0 for
    /// never; null when the user is suspended or gone.
    /// </summary>
    public async Task<(long? LastSeen, bool Challenge, bool Passkey)> UseAndLockUser(
        DbConnection db,
        Dialect dialect,
        PasskeyProof proof,
        long now
    )
    {
        var changed = await db.QueryNumbers(
            (
                $"""
                SELECT CASE WHEN last_active_at > COALESCE(last_login_at, 0) THEN last_active_at ELSE COALESCE(last_login_at, 0) END
                FROM users WHERE app_id = @appId AND id = @userId AND status = '{UserStatus.Active}' {dialect.ForUpdate}
                """,
                new { appId = proof.Passkey.AppId, userId = proof.Passkey.UserId }
            ),
            UseChallenge(proof),
            RecordUse(proof, now)
        );
        return (changed[0], changed[1] is not null, changed[2] is not null);
    }

    /// <summary>Uses up an application's challenge; false when it was used before.</summary>
    public Task<bool> UseChallenge(DbConnection db, PasskeyRequest request) =>
        UseChallenge(db, request.Scope, request.ChallengeHash, request.ExpiresAtMilliseconds);

    /// <summary>As above, by its hash and its end in Unix milliseconds.</summary>
    public async Task<bool> UseChallenge(DbConnection db, string appId, string challengeHash, long expiresAt) =>
        await db.QuerySingleOrDefaultAsync<long?>(
            UseChallengeSql,
            new
            {
                appId,
                challengeHash,
                expiresAt,
            }
        )
            is not null;

    /// <summary>Renames a passkey of the user; false when there is none with this id.</summary>
    public async Task<bool> Rename(DbConnection db, string appId, string userId, string id, string name) =>
        await db.ExecuteAsync(
            "UPDATE passkeys SET name = @name WHERE app_id = @appId AND user_id = @userId AND id = @id",
            new
            {
                appId,
                userId,
                id,
                name,
            }
        ) == 1;

    /// <summary>Deletes a passkey of the user; false when there is none with this id.</summary>
    public async Task<bool> Delete(DbConnection db, string appId, string userId, string id, string rpId)
    {
        var deleted = await db.ExecuteAsync(
            "DELETE FROM passkeys WHERE app_id = @appId AND user_id = @userId AND id = @id",
            new
            {
                appId,
                userId,
                id,
            }
        );
        await Count(db, appId, userId, rpId);
        return deleted == 1;
    }

    /// <summary>Deletes all passkeys of the user. Returns how many there were.</summary>
    public async Task<int> DeleteAll(DbConnection db, string appId, string userId)
    {
        var deleted = await db.ExecuteAsync("DELETE FROM passkeys WHERE app_id = @appId AND user_id = @userId", new { appId, userId });
        await db.ExecuteDeferred("UPDATE users SET passkey_count = 0 WHERE app_id = @appId AND id = @userId", new { appId, userId });
        return deleted;
    }

    /// <summary>Deletes up to <paramref name="limit"/> challenges that are too old to be accepted. Returns how many.</summary>
    public Task<int> RemoveExpiredChallenges(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM used_passkey_challenges WHERE (app_id, challenge_hash) IN "
                + "(SELECT app_id, challenge_hash FROM used_passkey_challenges WHERE expires_at < @before LIMIT @limit)",
            new { before, limit }
        );

    private static (string Sql, object Parameters) UseChallenge(PasskeyProof proof) =>
        (
            UseChallengeSql,
            new
            {
                appId = proof.Passkey.AppId,
                challengeHash = proof.Request.ChallengeHash,
                expiresAt = proof.Request.ExpiresAtMilliseconds,
            }
        );

    private static (string Sql, object Parameters) RecordUse(PasskeyProof proof, long now) =>
        (
            """
            UPDATE passkeys SET sign_count = @signCount, backed_up = @backedUp, last_used_at = @now
            WHERE app_id = @appId AND id = @id AND (sign_count < @signCount OR (sign_count = 0 AND @signCount = 0))
            RETURNING 1
            """,
            new
            {
                appId = proof.Passkey.AppId,
                id = proof.Passkey.Id,
                signCount = proof.SignCount,
                backedUp = proof.BackedUp,
                now,
            }
        );

    private const string UseChallengeSql =
        "INSERT INTO used_passkey_challenges (app_id, challenge_hash, expires_at) VALUES (@appId, @challengeHash, @expiresAt) "
        + "ON CONFLICT (app_id, challenge_hash) DO NOTHING RETURNING 1";

    private static Task Count(DbConnection db, string appId, string userId, string rpId) =>
        db.ExecuteDeferred(
            """
            UPDATE users SET passkey_count = (
              SELECT COUNT(*) FROM passkeys p WHERE p.app_id = @appId AND p.user_id = @userId AND p.rp_id = @rpId)
            WHERE app_id = @appId AND id = @userId
            """,
            new
            {
                appId,
                userId,
                rpId,
            }
        );

    private static PasskeyOwner Read(IRow row)
    {
        var user = UserStore.Read(row);
        const int first = UserStore.ColumnCount;
        var passkey = new Passkey
        {
            AppId = user.AppId,
            UserId = user.Id,
            Id = row.GetString(first),
            RpId = row.GetString(first + 1),
            CredentialId = row.GetString(first + 2),
            PublicKey = row.GetString(first + 3),
            SignCount = row.GetInt64(first + 4),
            Transports = row.GetString(first + 5),
            BackupEligible = row.GetBoolean(first + 6),
            BackedUp = row.GetBoolean(first + 7),
            Aaguid = row.GetString(first + 8),
            Name = row.GetString(first + 9),
            CreatedAt = row.GetInt64(first + 10),
            LastUsedAt = row.GetInt64OrNull(first + 11),
        };
        return new PasskeyOwner(user, passkey, row.GetStringOrNull(first + 12) ?? "");
    }
}
