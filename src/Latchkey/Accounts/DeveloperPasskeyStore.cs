using System.Data.Common;
using Dapper;
using Latchkey.Users.Passkeys;

namespace Latchkey.Accounts;

/// <summary>The tables developer_passkeys and used_portal_challenges, and the columns about passkeys of developers.</summary>
public sealed class DeveloperPasskeyStore
{
    private const string Columns =
        "p.id, p.developer_id AS user_id, p.rp_id, p.credential_id, p.public_key, p.sign_count, p.transports, p.backup_eligible, "
        + "p.backed_up, p.aaguid, p.name, p.created_at, p.last_used_at";

    /// <summary>The passkey of a domain with this credential id, and its account.</summary>
    public async Task<DeveloperPasskeyOwner?> FindByCredential(DbConnection db, string rpId, string credentialId)
    {
        var found = await db.QueryAsync<Developer, string, Passkey, DeveloperPasskeyOwner>(
            $"""
            SELECT {DeveloperStore.Columns}, d.passkey_user_handle, {Columns}
            FROM developer_passkeys p JOIN developers d ON d.id = p.developer_id
            WHERE p.rp_id = @rpId AND p.credential_id = @credentialId
            """,
            (developer, userHandle, passkey) => new DeveloperPasskeyOwner(developer, passkey, userHandle),
            new { rpId, credentialId },
            splitOn: "passkey_user_handle,id"
        );
        return found.SingleOrDefault();
    }

    /// <summary>An account's passkeys, newest first, those of an earlier domain too.</summary>
    public async Task<IReadOnlyList<Passkey>> List(DbConnection db, string developerId) =>
        [
            .. await db.QueryAsync<Passkey>(
                $"SELECT {Columns} FROM developer_passkeys p WHERE p.developer_id = @developerId ORDER BY p.created_at DESC, p.id DESC",
                new { developerId }
            ),
        ];

    public Task<Passkey?> Find(DbConnection db, string developerId, string id) =>
        db.QuerySingleOrDefaultAsync<Passkey?>(
            $"SELECT {Columns} FROM developer_passkeys p WHERE p.developer_id = @developerId AND p.id = @id",
            new { developerId, id }
        );

    /// <summary>The random id by which authenticators know the account (WebAuthn §5.4.3), in base64url.</summary>
    public Task<string?> FindUserHandle(DbConnection db, string developerId) =>
        db.QuerySingleOrDefaultAsync<string?>("SELECT passkey_user_handle FROM developers WHERE id = @developerId", new { developerId });

    /// <summary>As <see cref="FindUserHandle"/>, for an account that a node of the version before made, and that has none.</summary>
    public async Task<string> FindOrAddUserHandle(DbConnection db, string developerId, string candidate) =>
        await db.QuerySingleOrDefaultAsync<string>(
            "UPDATE developers SET passkey_user_handle = COALESCE(passkey_user_handle, @candidate) WHERE id = @developerId "
                + "RETURNING passkey_user_handle",
            new { developerId, candidate }
        ) ?? candidate;

    /// <summary>Inserts the passkey; false when its credential is registered already.</summary>
    public async Task<bool> Insert(DbConnection db, Passkey passkey)
    {
        var inserted = await db.ExecuteAsync(
            """
            INSERT INTO developer_passkeys (id, developer_id, rp_id, credential_id, public_key, sign_count, transports, backup_eligible,
              backed_up, aaguid, name, created_at)
            VALUES (@Id, @UserId, @RpId, @CredentialId, @PublicKey, @SignCount, @Transports, @BackupEligible,
              @BackedUp, @Aaguid, @Name, @CreatedAt)
            ON CONFLICT (credential_id) DO NOTHING
            """,
            passkey
        );
        await Count(db, passkey.UserId);
        return inserted == 1;
    }

    /// <summary>
    /// Records the use of a passkey; false when it is gone or its counter was as high before. The counter of authenticators that do not
    /// count stays 0.
    /// </summary>
    public async Task<bool> TryUse(DbConnection db, PasskeyProof proof, long now) =>
        await db.ExecuteAsync(
            """
            UPDATE developer_passkeys SET sign_count = @SignCount, backed_up = @BackedUp, last_used_at = @now
            WHERE id = @Id AND (sign_count < @SignCount OR (sign_count = 0 AND @SignCount = 0))
            """,
            new
            {
                proof.Passkey.Id,
                proof.SignCount,
                proof.BackedUp,
                now,
            }
        ) == 1;

    /// <summary>Uses up a challenge; false when it was used before.</summary>
    /// <param name="expiresAt">Unix milliseconds.</param>
    public async Task<bool> TryUseChallenge(DbConnection db, string challengeHash, long expiresAt) =>
        await db.ExecuteAsync(
            "INSERT INTO used_portal_challenges (challenge_hash, expires_at) VALUES (@challengeHash, @expiresAt) "
                + "ON CONFLICT (challenge_hash) DO NOTHING",
            new { challengeHash, expiresAt }
        ) == 1;

    /// <summary>Renames a passkey of the account; false when there is none with this id.</summary>
    public async Task<bool> Rename(DbConnection db, string developerId, string id, string name) =>
        await db.ExecuteAsync(
            "UPDATE developer_passkeys SET name = @name WHERE developer_id = @developerId AND id = @id",
            new
            {
                developerId,
                id,
                name,
            }
        ) == 1;

    /// <summary>Deletes a passkey of the account; false when there is none with this id.</summary>
    public async Task<bool> Delete(DbConnection db, string developerId, string id)
    {
        var deleted = await db.ExecuteAsync(
            "DELETE FROM developer_passkeys WHERE developer_id = @developerId AND id = @id",
            new { developerId, id }
        );
        await Count(db, developerId);
        return deleted == 1;
    }

    /// <summary>Deletes all passkeys of the account.</summary>
    public async Task DeleteAll(DbConnection db, string developerId)
    {
        await db.ExecuteAsync("DELETE FROM developer_passkeys WHERE developer_id = @developerId", new { developerId });
        await Count(db, developerId);
    }

    /// <summary>Deletes challenges that are too old to be accepted.</summary>
    public Task RemoveExpiredChallenges(DbConnection db, long now) =>
        db.ExecuteAsync("DELETE FROM used_portal_challenges WHERE expires_at < @now", new { now });

    private static Task Count(DbConnection db, string developerId) =>
        db.ExecuteAsync(
            "UPDATE developers SET passkey_count = (SELECT COUNT(*) FROM developer_passkeys p WHERE p.developer_id = @developerId) "
                + "WHERE id = @developerId",
            new { developerId }
        );
}
