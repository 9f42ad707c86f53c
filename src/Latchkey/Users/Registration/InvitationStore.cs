using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>The table invitations.</summary>
public sealed class InvitationStore(Dialect dialect, ListStore lists)
{
    private const string Columns =
        "id, app_id, handle, handle_key, sender, inviter_user_id, status, code_hash, metadata, locale, created_at, expires_at";

    /// <summary>Inserts the invitation; false when another one of this handle has the same code.</summary>
    public async Task<bool> Insert(DbConnection db, Invitation invitation) =>
        await db.ExecuteAsync(
            """
            INSERT INTO invitations (id, app_id, handle, handle_key, sender, inviter_user_id, status, code_hash, metadata, locale,
              created_at, expires_at)
            VALUES (@Id, @AppId, @Handle, @HandleKey, @Sender, @InviterUserId, @Status, @CodeHash, @Metadata, @Locale,
              @CreatedAt, @ExpiresAt)
            ON CONFLICT (app_id, handle_key, code_hash) DO NOTHING
            """,
            invitation
        ) == 1;

    /// <summary>Finds the invitation with one of these hashes and at most <paramref name="maxAttempts"/> attempts.</summary>
    public Task<Invitation?> FindByCode(DbConnection db, string appId, string handle, string[] codeHashes, int maxAttempts) =>
        db.QueryFirstOrDefaultAsync<Invitation>(
            $"SELECT {Columns} FROM invitations WHERE app_id = @appId AND handle_key = @handleKey "
                + $"AND code_hash {dialect.InArray("codeHashes")} AND tries <= @maxAttempts",
            new
            {
                appId,
                handleKey = Handle.KeyOf(handle),
                codeHashes,
                maxAttempts,
            }
        );

    /// <summary>Counts an attempt for every open invitation of the handle.</summary>
    public Task CountAttempt(DbConnection db, string appId, string handle, int maxAttempts) =>
        db.ExecuteAsync(
            "UPDATE invitations SET tries = tries + 1 WHERE app_id = @appId AND handle_key = @handleKey AND status = 'pending' "
                + "AND tries <= @maxAttempts",
            new
            {
                appId,
                handleKey = Handle.KeyOf(handle),
                maxAttempts,
            }
        );

    /// <summary>Marks the invitation as used; true for one caller only.</summary>
    public async Task<bool> Activate(DbConnection db, string appId, string id, long now) =>
        await db.ExecuteAsync(
            "UPDATE invitations SET status = 'active' WHERE app_id = @appId AND id = @id AND status = 'pending' AND expires_at > @now",
            new
            {
                appId,
                id,
                now,
            }
        ) == 1;

    public Task<Invitation?> Find(DbConnection db, string appId, string id) =>
        db.QuerySingleOrDefaultAsync<Invitation>(
            $"SELECT {Columns} FROM invitations WHERE app_id = @appId AND id = @id",
            new { appId, id }
        );

    /// <summary>Newest first; <paramref name="search"/> is a handle prefix.</summary>
    public Task<ListPage<Invitation>> Page(DbConnection db, string appId, string search, PageRequest page) =>
        lists.Page<Invitation>(db, HandleListQuery.Create("invitations", Columns, appId, search), page);

    /// <summary>
    /// Replaces the code, and resets the attempts. False when the handle already had this code, or the invitation is not pending.
    /// </summary>
    public async Task<bool> Renew(DbConnection db, Invitation renewed) =>
        await db.ExecuteAsync(
            """
            UPDATE invitations SET code_hash = @CodeHash, tries = 0, created_at = @CreatedAt, expires_at = @ExpiresAt
            WHERE app_id = @AppId AND id = @Id AND status = 'pending'
              AND NOT EXISTS (SELECT 1 FROM invitations other WHERE other.app_id = @AppId AND other.handle_key = @HandleKey
                AND other.code_hash = @CodeHash)
            """,
            renewed
        ) == 1;

    public async Task<bool> Delete(DbConnection db, string appId, string id) =>
        await db.ExecuteAsync("DELETE FROM invitations WHERE app_id = @appId AND id = @id", new { appId, id }) == 1;

    public Task DeleteByHandle(DbConnection db, string appId, string handle) =>
        db.ExecuteAsync(
            "DELETE FROM invitations WHERE app_id = @appId AND handle_key = @handleKey",
            new { appId, handleKey = Handle.KeyOf(handle) }
        );

    public Task SupersedeOthers(DbConnection db, string appId, string handle) =>
        db.ExecuteAsync(
            "UPDATE invitations SET status = 'superseded' WHERE app_id = @appId AND handle_key = @handleKey AND status = 'pending'",
            new { appId, handleKey = Handle.KeyOf(handle) }
        );

    /// <summary>Deletes up to <paramref name="limit"/> rows of one application, oldest first. Returns how many.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM invitations WHERE app_id = @appId "
                + "AND id IN (SELECT id FROM invitations WHERE app_id = @appId "
                + "ORDER BY created_at, id LIMIT @limit)",
            new { appId, limit }
        );

    /// <summary>Deletes up to <paramref name="limit"/> expired rows. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM invitations "
                + "WHERE (app_id, id) IN (SELECT app_id, id FROM invitations WHERE expires_at < @before "
                + "AND status <> 'active' LIMIT @limit)",
            new { before, limit }
        );
}
