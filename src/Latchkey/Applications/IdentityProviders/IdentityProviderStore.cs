using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.IdentityProviders;

/// <summary>The table identity_providers.</summary>
public sealed class IdentityProviderStore
{
    private const string Columns =
        "app_id, id, alias, template, name, fields, client_id, secret_sealed, scopes, claims, position, enabled, email_trust, "
        + "signup_allowed, created_at, updated_at";

    /// <summary>All of the application, in the order of their buttons.</summary>
    public async Task<IReadOnlyList<IdentityProvider>> List(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<IdentityProvider>(
                $"SELECT {Columns} FROM identity_providers WHERE app_id = @appId ORDER BY position, created_at, id",
                new { appId }
            ),
        ];

    public Task Insert(DbConnection db, IdentityProvider provider) =>
        db.ExecuteAsync(
            $"""
            INSERT INTO identity_providers ({Columns})
            VALUES (@AppId, @Id, @Alias, @Template, @Name, @Fields, @ClientId, @SecretSealed, @Scopes, @Claims, @Position, @Enabled,
              @EmailTrust, @SignupAllowed, @CreatedAt, @UpdatedAt)
            """,
            provider
        );

    /// <summary>Stores all but what never changes.</summary>
    public Task Update(DbConnection db, IdentityProvider provider) =>
        db.ExecuteAsync(
            """
            UPDATE identity_providers SET name = @Name, fields = @Fields, client_id = @ClientId,
              secret_sealed = @SecretSealed, scopes = @Scopes, claims = @Claims, position = @Position, enabled = @Enabled,
              email_trust = @EmailTrust, signup_allowed = @SignupAllowed, updated_at = @UpdatedAt
            WHERE app_id = @AppId AND id = @Id
            """,
            provider
        );

    /// <summary>False when there is none with this id.</summary>
    public async Task<bool> Delete(DbConnection db, string appId, string id) =>
        await db.ExecuteAsync("DELETE FROM identity_providers WHERE app_id = @appId AND id = @id", new { appId, id }) == 1;
}
