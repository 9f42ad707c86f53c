using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Users.Registration;

/// <summary>The table signups.</summary>
public sealed class SignupStore(Dialect dialect, ListStore lists)
{
    private const string Columns =
        "id, app_id, handle, handle_key, flow, status, network, code_hash, password_hash, password_prehashed, metadata, locale, "
        + "upgrades_user_id, created_at, expires_at";

    /// <summary>
    /// Selects the newest request of a handle that can still be completed; parameters <c>@appId</c>, <c>@handleKey</c> and <c>@now</c>.
    /// </summary>
    public const string SelectNewestPending = $"""
        SELECT {Columns} FROM signups
        WHERE app_id = @appId AND handle_key = @handleKey AND status = 'pending' AND expires_at > @now
        ORDER BY created_at DESC, id DESC LIMIT 1
        """;

    private static readonly LiveCodes Codes = new(
        "signups",
        live: "app_id = @appId AND handle_key = @handleKey AND flow = 'code' AND status = 'pending' AND expires_at > @now",
        requester: "network",
        ended: $"status = '{SignupStatus.Replaced}'"
    );

    /// <summary>Inserts the request; false when another one of this handle has the same code.</summary>
    public async Task<bool> Insert(DbConnection db, SignupRow signup) =>
        await db.ExecuteAsync(
            """
            INSERT INTO signups (id, app_id, handle, handle_key, flow, status, network, code_hash, password_hash, password_prehashed,
              metadata, locale, upgrades_user_id, created_at, expires_at)
            VALUES (@Id, @AppId, @Handle, @HandleKey, @Flow, @Status, @Network, @CodeHash, @PasswordHash, @PasswordPrehashed,
              @Metadata, @Locale, @UpgradesUserId, @CreatedAt, @ExpiresAt)
            ON CONFLICT (app_id, handle_key, code_hash) DO NOTHING
            """,
            signup
        ) == 1;

    /// <summary>Finds the request with one of these hashes.</summary>
    /// <param name="network">Only requests from this network; empty for all.</param>
    public Task<SignupRow?> FindByCode(DbConnection db, string appId, string handle, string[] codeHashes, string network = "") =>
        db.QueryFirstOrDefaultAsync<SignupRow>(
            $"SELECT {Columns} FROM signups WHERE app_id = @appId AND handle_key = @handleKey "
                + $"AND code_hash {dialect.InArray("codeHashes")} AND (@network = '' OR network = @network)",
            new
            {
                appId,
                handleKey = Handle.KeyOf(handle),
                codeHashes,
                network,
            }
        );

    /// <summary>
    /// Makes room for another code, as <see cref="LiveCodes.MakeRoom"/>. Links cannot be guessed and are not limited.
    /// </summary>
    public Task<Error?> MakeRoom(DbConnection db, string appId, string handle, string network, long now) =>
        Codes.MakeRoom(
            db,
            new
            {
                appId,
                handleKey = Handle.KeyOf(handle),
                requester = network,
                now,
            },
            now
        );

    /// <summary>Marks the request as completed; true for one caller only.</summary>
    public async Task<bool> Complete(DbConnection db, string appId, string id, long now) =>
        await db.ExecuteAsync(
            "UPDATE signups SET status = 'verified' WHERE app_id = @appId AND id = @id AND status = 'pending' AND expires_at > @now",
            new
            {
                appId,
                id,
                now,
            }
        ) == 1;

    public Task SupersedeOthers(DbConnection db, string appId, string handle) =>
        db.ExecuteAsync(
            "UPDATE signups SET status = 'superseded' WHERE app_id = @appId AND handle_key = @handleKey AND status = 'pending'",
            new { appId, handleKey = Handle.KeyOf(handle) }
        );

    public Task<SignupRow?> Find(DbConnection db, string appId, string id) =>
        db.QuerySingleOrDefaultAsync<SignupRow>($"SELECT {Columns} FROM signups WHERE app_id = @appId AND id = @id", new { appId, id });

    /// <summary>Newest first; <paramref name="search"/> is a handle prefix.</summary>
    public Task<ListPage<SignupRow>> Page(DbConnection db, string appId, string search, PageRequest page) =>
        lists.Page<SignupRow>(db, HandleListQuery.Create("signups", Columns, appId, search), page);

    public async Task<bool> Delete(DbConnection db, string appId, string id) =>
        await db.ExecuteAsync("DELETE FROM signups WHERE app_id = @appId AND id = @id", new { appId, id }) == 1;

    public Task DeleteByHandle(DbConnection db, string appId, string handle) =>
        db.ExecuteAsync(
            "DELETE FROM signups WHERE app_id = @appId AND handle_key = @handleKey",
            new { appId, handleKey = Handle.KeyOf(handle) }
        );

    /// <summary>Deletes up to <paramref name="limit"/> rows of one application, oldest first. Returns how many.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM signups WHERE app_id = @appId AND id IN (SELECT id FROM signups WHERE app_id = @appId ORDER BY created_at, id "
                + "LIMIT @limit)",
            new { appId, limit }
        );

    /// <summary>Deletes up to <paramref name="limit"/> expired rows. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM signups WHERE (app_id, id) IN (SELECT app_id, id FROM signups WHERE expires_at < @before LIMIT @limit)",
            new { before, limit }
        );
}
