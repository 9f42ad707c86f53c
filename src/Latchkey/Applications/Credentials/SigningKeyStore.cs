using System.Data.Common;
using Dapper;
using Latchkey.Cryptography;

namespace Latchkey.Applications.Credentials;

/// <summary>The table signing_keys.</summary>
public sealed class SigningKeyStore
{
    private const string Columns =
        "id, app_id, algorithm, state, public_key, private_key_sealed, created_at, activated_at, ends_at, signed_until";

    public Task Insert(DbConnection db, SigningKeyRow key) =>
        db.ExecuteAsync(
            """
            INSERT INTO signing_keys (id, app_id, algorithm, state, public_key, private_key_sealed, created_at, activated_at, ends_at,
              signed_until)
            VALUES (@Id, @AppId, @Algorithm, @State, @PublicKey, @PrivateKeySealed, @CreatedAt, @ActivatedAt, @EndsAt, @SignedUntil)
            """,
            key
        );

    /// <summary>All published keys, newest first.</summary>
    public async Task<IReadOnlyList<SigningKeyRow>> ListByApplication(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<SigningKeyRow>(
                $"SELECT {Columns} FROM signing_keys WHERE app_id = @appId ORDER BY created_at DESC, id DESC",
                new { appId }
            ),
        ];

    public Task SetState(DbConnection db, SigningKeyRow key) =>
        db.ExecuteAsync(
            "UPDATE signing_keys SET state = @State, activated_at = @ActivatedAt, ends_at = @EndsAt WHERE app_id = @AppId AND id = @Id",
            key
        );

    /// <summary>Records the latest expiry of the JWTs signed by the active key.</summary>
    public Task NoteSignedUntil(DbConnection db, string appId, long until) =>
        db.ExecuteAsync(
            "UPDATE signing_keys SET signed_until = @until WHERE app_id = @appId AND state = 'active' AND signed_until < @until",
            new { appId, until }
        );

    public Task Delete(DbConnection db, string appId, string id) =>
        db.ExecuteAsync("DELETE FROM signing_keys WHERE app_id = @appId AND id = @id", new { appId, id });

    /// <summary>False when it was deleted or activated again since it was found.</summary>
    public async Task<bool> DeleteEnded(DbConnection db, string appId, string id, long now) =>
        await db.ExecuteAsync(
            "DELETE FROM signing_keys WHERE app_id = @appId AND id = @id AND ends_at <= @now",
            new
            {
                appId,
                id,
                now,
            }
        ) == 1;

    /// <summary>Keys of all applications whose last JWT has expired.</summary>
    public async Task<IReadOnlyList<SigningKeyRow>> Ended(DbConnection db, long now) =>
        [.. await db.QueryAsync<SigningKeyRow>($"SELECT {Columns} FROM signing_keys WHERE ends_at <= @now", new { now })];
}
