using System.Data.Common;
using Dapper;

namespace Latchkey.Users.Identities;

/// <summary>The table user_identities. An application has each person of a provider once.</summary>
public sealed class UserIdentityStore
{
    /// <summary>Adds the identity; false when the application has it already, for whichever user.</summary>
    public async Task<bool> Insert(DbConnection db, UserIdentity identity) =>
        await db.ExecuteAsync(
            "INSERT INTO user_identities (app_id, id, user_id, provider, subject, email, created_at, last_used_at) "
                + "VALUES (@AppId, @Id, @UserId, @Provider, @Subject, @Email, @CreatedAt, @LastUsedAt) "
                + "ON CONFLICT (app_id, provider, subject) DO NOTHING",
            identity
        ) == 1;

    /// <summary>The id of the user who has it; null for nobody.</summary>
    public Task<string?> FindOwner(DbConnection db, string appId, string provider, string subject) =>
        db.QuerySingleOrDefaultAsync<string?>(
            "SELECT user_id FROM user_identities WHERE app_id = @appId AND provider = @provider AND subject = @subject",
            new
            {
                appId,
                provider,
                subject,
            }
        );

    /// <summary>The user's identities, oldest first.</summary>
    public async Task<IReadOnlyList<UserIdentity>> List(DbConnection db, string appId, string userId) =>
        [
            .. await db.QueryAsync<UserIdentity>(
                "SELECT * FROM user_identities WHERE app_id = @appId AND user_id = @userId ORDER BY created_at, id",
                new { appId, userId }
            ),
        ];

    /// <summary>
    /// Whether the user is known by an identity of the provider other than this one. A user who signed up at a node of the previous release
    /// has its subject in the user's row only.
    /// </summary>
    public async Task<bool> HasOther(DbConnection db, string appId, string userId, string provider, string subject) =>
        await db.QueryFirstOrDefaultAsync<int?>(
            """
            SELECT 1 FROM user_identities WHERE app_id = @appId AND user_id = @userId AND provider = @provider
            UNION ALL
            SELECT 1 FROM users WHERE app_id = @appId AND id = @userId AND login_provider = @provider AND provider_subject <> @subject
            LIMIT 1
            """,
            new
            {
                appId,
                userId,
                provider,
                subject,
            }
        )
            is not null;

    /// <summary>
    /// Records a sign-in, with the address that the provider gave, if any; false when the user does not have the identity.
    /// </summary>
    public async Task<bool> RecordUse(
        DbConnection db,
        string appId,
        string userId,
        string provider,
        string subject,
        string? email,
        long now
    ) =>
        await db.ExecuteAsync(
            """
            UPDATE user_identities SET last_used_at = @now, email = COALESCE(@email, email)
            WHERE app_id = @appId AND provider = @provider AND subject = @subject AND user_id = @userId
            """,
            new
            {
                appId,
                userId,
                provider,
                subject,
                email,
                now,
            }
        ) == 1;

    public async Task<bool> Remove(DbConnection db, string appId, string userId, string id) =>
        await db.ExecuteAsync(
            "DELETE FROM user_identities WHERE app_id = @appId AND user_id = @userId AND id = @id",
            new
            {
                appId,
                userId,
                id,
            }
        ) == 1;

    public Task RemoveAll(DbConnection db, string appId, string userId) =>
        db.ExecuteAsync("DELETE FROM user_identities WHERE app_id = @appId AND user_id = @userId", new { appId, userId });

    /// <summary>Whether any user of the application has an identity of the provider.</summary>
    public async Task<bool> HasProvider(DbConnection db, string appId, string provider) =>
        await db.QueryFirstOrDefaultAsync<int?>(
            "SELECT 1 FROM user_identities WHERE app_id = @appId AND provider = @provider LIMIT 1",
            new { appId, provider }
        )
            is not null;

    /// <summary>Deletes up to <paramref name="limit"/> identities of the provider. Returns how many.</summary>
    public Task<int> RemoveOfProvider(DbConnection db, string appId, string provider, int limit) =>
        db.ExecuteAsync(
            """
            DELETE FROM user_identities WHERE app_id = @appId AND id IN (
              SELECT id FROM user_identities WHERE app_id = @appId AND provider = @provider LIMIT @limit)
            """,
            new
            {
                appId,
                provider,
                limit,
            }
        );
}
