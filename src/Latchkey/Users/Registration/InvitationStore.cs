using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>The table invitations.</summary>
public sealed class InvitationStore(Dialect dialect, ListStore lists)
{
    private const string Columns =
        "id, app_id, handle, sender, inviter_user_id, status, code_hash, metadata, locale, created_at, expires_at";

    /// <summary>Adds the invitation; false when another one of this handle drew the same code.</summary>
    public async Task<bool> Insert(DbConnection db, Invitation invitation) =>
        await db.ExecuteAsync(
            """
            INSERT INTO invitations (id, app_id, handle, sender, inviter_user_id, status, code_hash, metadata, locale, created_at,
              expires_at)
            VALUES (@Id, @AppId, @Handle, @Sender, @InviterUserId, @Status, @CodeHash, @Metadata, @Locale, @CreatedAt, @ExpiresAt)
            ON CONFLICT (app_id, handle, code_hash) DO NOTHING
            """,
            invitation
        ) == 1;

    /// <summary>The invitation that has one of these hashes and fewer than <paramref name="most"/> guesses behind it.</summary>
    public Task<Invitation?> FindByCode(DbConnection db, string appId, string handle, string[] codeHashes, int most) =>
        db.QueryFirstOrDefaultAsync<Invitation>(
            $"SELECT {Columns} FROM invitations WHERE app_id = @appId AND handle = @handle "
                + $"AND code_hash {dialect.InArray("codeHashes")} AND tries <= @most",
            new
            {
                appId,
                handle,
                codeHashes,
                most,
            }
        );

    /// <summary>Counts a guess at every open invitation of the handle: it is held against all of them.</summary>
    public Task CountAttempt(DbConnection db, string appId, string handle, int most) =>
        db.ExecuteAsync(
            "UPDATE invitations SET tries = tries + 1 WHERE app_id = @appId AND handle = @handle AND status = 'pending' AND tries <= @most",
            new
            {
                appId,
                handle,
                most,
            }
        );

    /// <summary>Uses the invitation up; true for the one caller who did.</summary>
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

    /// <summary>Newest first; <paramref name="search"/> is the beginning of a handle.</summary>
    public Task<ListPage<Invitation>> Page(DbConnection db, string appId, string search, PageRequest page) =>
        lists.Page<Invitation>(db, HandleListQuery.Create("invitations", Columns, appId, search), page);

    /// <summary>
    /// A new code, from now on, in the place of the old one and with no guesses behind it; false when the handle has had this code, or the
    /// invitation is not pending.
    /// </summary>
    public async Task<bool> Renew(DbConnection db, Invitation renewed) =>
        await db.ExecuteAsync(
            """
            UPDATE invitations SET code_hash = @CodeHash, tries = 0, created_at = @CreatedAt, expires_at = @ExpiresAt
            WHERE app_id = @AppId AND id = @Id AND status = 'pending'
              AND NOT EXISTS (SELECT 1 FROM invitations other WHERE other.app_id = @AppId AND other.handle = @Handle
                AND other.code_hash = @CodeHash)
            """,
            renewed
        ) == 1;

    public async Task<bool> Delete(DbConnection db, string appId, string id) =>
        await db.ExecuteAsync("DELETE FROM invitations WHERE app_id = @appId AND id = @id", new { appId, id }) == 1;

    public Task SupersedeOthers(DbConnection db, string appId, string handle) =>
        db.ExecuteAsync(
            "UPDATE invitations SET status = 'superseded' WHERE app_id = @appId AND handle = @handle AND status = 'pending'",
            new { appId, handle }
        );

    /// <summary>Removes up to so many rows of one application, oldest first; their number.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int most) =>
        db.ExecuteAsync(
            "DELETE FROM invitations WHERE app_id = @appId "
                + "AND id IN (SELECT id FROM invitations WHERE app_id = @appId "
                + "ORDER BY created_at, id LIMIT @most)",
            new { appId, most }
        );

    /// <summary>Removes so many at most; their number.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int most) =>
        db.ExecuteAsync(
            "DELETE FROM invitations "
                + "WHERE (app_id, id) IN (SELECT app_id, id FROM invitations WHERE expires_at < @before "
                + "AND status <> 'active' LIMIT @most)",
            new { before, most }
        );
}
