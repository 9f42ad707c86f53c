using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Users.Registration;

/// <summary>The table invitations.</summary>
public sealed class InvitationStore(Dialect dialect, ListStore lists)
{
    private const string Columns =
        "id, app_id, handle, handle_key, sender, inviter_user_id, network, status, code_hash, link_hash, metadata, locale, "
        + "created_at, expires_at";

    private static readonly LiveCodes Codes = new(
        "invitations",
        live: "app_id = @AppId AND handle_key = @HandleKey AND status = 'pending' AND expires_at > @now AND id <> @Id",
        requester: "COALESCE(inviter_user_id, '')",
        ended: $"status = '{InvitationStatus.Replaced}'"
    );

    /// <summary>Inserts the invitation; false when another one of this handle has the same code.</summary>
    public async Task<bool> Insert(DbConnection db, Invitation invitation) =>
        await db.ExecuteAsync(
            """
            INSERT INTO invitations (id, app_id, handle, handle_key, sender, inviter_user_id, network, status, code_hash, link_hash,
              metadata, locale, created_at, expires_at)
            VALUES (@Id, @AppId, @Handle, @HandleKey, @Sender, @InviterUserId, @Network, @Status, @CodeHash, @LinkHash, @Metadata,
              @Locale, @CreatedAt, @ExpiresAt)
            ON CONFLICT (app_id, handle_key, code_hash) DO NOTHING
            """,
            invitation
        ) == 1;

    /// <summary>Finds the invitation whose code or link has one of these hashes.</summary>
    /// <param name="network">Only invitations that were requested from this network; empty for all.</param>
    public Task<Invitation?> FindByCode(DbConnection db, string appId, string handle, string[] hashes, string network) =>
        db.QueryFirstOrDefaultAsync<Invitation>(
            $"SELECT {Columns} FROM invitations WHERE app_id = @appId AND handle_key = @handleKey "
                + $"AND (code_hash {dialect.InArray("hashes")} OR link_hash {dialect.InArray("hashes")}) "
                + "AND (@network = '' OR network = @network)",
            new
            {
                appId,
                handleKey = Handle.KeyOf(handle),
                hashes,
                network,
            }
        );

    /// <summary>Makes room for an invitation, as <see cref="LiveCodes.MakeRoom"/>.</summary>
    /// <param name="invitation">The invitation that is sent. Servers and the portal count as one inviter.</param>
    public Task<Error?> MakeRoom(DbConnection db, Invitation invitation, long now) =>
        Codes.MakeRoom(
            db,
            new
            {
                invitation.Id,
                invitation.AppId,
                invitation.HandleKey,
                requester = invitation.InviterUserId ?? "",
                now,
            },
            now
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
    /// Replaces the code and restarts its lifetime. False if the handle already had this code, or the invitation is not pending.
    /// </summary>
    public async Task<bool> Renew(DbConnection db, Invitation renewed) =>
        await db.ExecuteAsync(
            """
            UPDATE invitations SET code_hash = @CodeHash, link_hash = @LinkHash, created_at = @CreatedAt, expires_at = @ExpiresAt
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
