using System.Data.Common;
using Dapper;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications.Credentials;

/// <summary>The tables app_tokens, app_secrets and app_secret_directory, which finds a secret without its application.</summary>
public sealed class CredentialStore(Dialect dialect)
{
    private const string TokenColumns = "id, app_id, issued_at, ring_key, expires_at";

    public Task InsertToken(DbConnection db, AppToken token) =>
        db.ExecuteAsync("INSERT INTO app_tokens (id, app_id, issued_at, ring_key) VALUES (@Id, @AppId, @IssuedAt, @RingKey)", token);

    /// <summary>The newest App Token.</summary>
    public Task<AppTokenRow?> NewestToken(DbConnection db, string appId) =>
        db.QueryFirstOrDefaultAsync<AppTokenRow>(
            $"SELECT {TokenColumns} FROM app_tokens WHERE app_id = @appId AND expires_at IS NULL ORDER BY issued_at DESC, id DESC LIMIT 1",
            new { appId }
        );

    /// <summary>Valid tokens, newest first.</summary>
    public async Task<IReadOnlyList<AppTokenRow>> Tokens(DbConnection db, string appId, long now) =>
        [
            .. await db.QueryAsync<AppTokenRow>(
                $"SELECT {TokenColumns} FROM app_tokens WHERE app_id = @appId AND (expires_at IS NULL OR expires_at > @now) ORDER "
                    + "BY issued_at DESC, id DESC",
                new { appId, now }
            ),
        ];

    /// <param name="expiresAt">Null: it does not expire.</param>
    public Task EndToken(DbConnection db, string appId, string id, long? expiresAt) =>
        db.ExecuteAsync(
            "UPDATE app_tokens SET expires_at = @expiresAt WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                expiresAt,
            }
        );

    public async Task InsertSecret(DbConnection db, string appId, AppSecretRow secret)
    {
        await db.ExecuteAsync(
            "INSERT INTO app_secrets (app_id, hash, label, created_at) VALUES (@appId, @Hash, @Label, @CreatedAt)",
            new
            {
                appId,
                secret.Hash,
                secret.Label,
                secret.CreatedAt,
            }
        );
        await db.ExecuteAsync("INSERT INTO app_secret_directory (hash, app_id) VALUES (@Hash, @appId)", new { secret.Hash, appId });
    }

    /// <summary>Valid secrets, newest first.</summary>
    public async Task<IReadOnlyList<AppSecretRow>> Secrets(DbConnection db, string appId, long now) =>
        [
            .. await db.QueryAsync<AppSecretRow>(
                "SELECT hash, label, created_at, expires_at FROM app_secrets WHERE app_id = @appId AND (expires_at IS NULL OR "
                    + "expires_at > @now) ORDER BY created_at DESC, hash",
                new { appId, now }
            ),
        ];

    /// <param name="expiresAt">Null: it does not expire.</param>
    public Task EndSecret(DbConnection db, string appId, string hash, long? expiresAt) =>
        db.ExecuteAsync(
            "UPDATE app_secrets SET expires_at = @expiresAt WHERE app_id = @appId AND hash = @hash",
            new
            {
                appId,
                hash,
                expiresAt,
            }
        );

    public Task<string?> FindAppBySecret(DbConnection db, string hash) =>
        db.QuerySingleOrDefaultAsync<string>("SELECT app_id FROM app_secret_directory WHERE hash = @hash", new { hash });

    public async Task<int> RemoveEnded(DbConnection db, long now)
    {
        var tokens = await db.ExecuteAsync("DELETE FROM app_tokens WHERE expires_at <= @now", new { now });
        var secrets = (
            await db.QueryAsync<string>("DELETE FROM app_secrets WHERE expires_at <= @now RETURNING hash", new { now })
        ).ToArray();
        await db.ExecuteAsync($"DELETE FROM app_secret_directory WHERE hash {dialect.InArray("secrets")}", new { secrets });
        return tokens + secrets.Length;
    }
}
