using System.Data.Common;
using Dapper;
using Latchkey.Activity.Usage;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Activity.Audit;

/// <summary>The table audit: changes and refused calls of an application.</summary>
public sealed class AuditStore(Dialect dialect, KeyRing ring, UsageStore usage, TimeProvider clock)
{
    private const int MaxDetailLength = 300;

    private readonly RepeatedLines repeated = new();

    /// <summary>
    /// Runs in the transaction of the recorded action. Identical entries of a user within a minute become one row with a count.
    /// </summary>
    public async Task Add(DbConnection db, AuditEntry entry)
    {
        var now = clock.Now();
        var stored = entry with { Handle = MaskHandle(entry.Handle), Detail = Strings.Truncate(entry.Detail, MaxDetailLength) };
        var line = repeated.Find(stored, now, () => Ids.New(clock));
        var row = new
        {
            line.Id,
            line.At,
            Now = now,
            NewId = line.IsRepeated ? Ids.New(clock) : null,
            stored.AppId,
            stored.Action,
            stored.Actor,
            stored.Handle,
            stored.Code,
            stored.Detail,
            stored.Client,
            Changes = AuditChange.Write(stored.Changes),
        };
        await db.ExecuteDeferred(
            """
            INSERT INTO audit (app_id, at, id, action, actor, handle, code, detail, client, changes)
            VALUES (@AppId, @At, @Id, @Action, @Actor, @Handle, @Code, @Detail, @Client, @Changes)
            ON CONFLICT (app_id, at, id) DO UPDATE SET count = audit.count + 1 WHERE audit.handle = excluded.handle
            """,
            row
        );
        if (line.IsRepeated)
        {
            // The row may be of a user who was erased since: the next one with the handle gets a line of their own.
            await db.ExecuteDeferred(
                """
                INSERT INTO audit (app_id, at, id, action, actor, handle, code, detail, client)
                SELECT @AppId, @Now, @NewId, @Action, @Actor, @Handle, @Code, @Detail, @Client
                WHERE NOT EXISTS (SELECT 1 FROM audit line WHERE line.app_id = @AppId AND line.at = @At AND line.id = @Id
                  AND line.handle = @Handle)
                """,
                row
            );
        }

        if (entry.Code != 0)
        {
            await usage.Count(db, entry.AppId, now, UsageKind.Failure);
        }
    }

    /// <summary>Removes a person from the entries about a handle: the user's id replaces it, client and detail are cleared.</summary>
    public Task Anonymize(DbConnection db, string appId, string handle, string userId) =>
        db.ExecuteAsync(
            "UPDATE audit SET handle = @userId, client = '', detail = '' WHERE app_id = @appId AND handle = @handle AND "
                + MemberActions.Not,
            new
            {
                appId,
                handle = MaskHandle(handle),
                userId,
            }
        );

    /// <summary>Puts a user's new address into the entries about them, so that these stay theirs, and go with them.</summary>
    public Task Rename(DbConnection db, string appId, string handle, string newHandle) =>
        db.ExecuteAsync(
            "UPDATE audit SET handle = @newHandle WHERE app_id = @appId AND handle = @handle AND " + MemberActions.Not,
            new
            {
                appId,
                handle,
                newHandle,
            }
        );

    /// <summary>
    /// As <see cref="Anonymize"/>, for anonymous users who were deleted together. Their handles are masked already.
    /// </summary>
    public Task RemoveClients(DbConnection db, string appId, IReadOnlyList<string> anonymousHandles) =>
        anonymousHandles.Count == 0
            ? Task.CompletedTask
            : db.ExecuteAsync(
                $"UPDATE audit SET client = '', detail = '' WHERE app_id = @appId AND handle {dialect.InArray("handles")}",
                new { appId, handles = anonymousHandles.Select(MaskHandle).ToArray() }
            );

    /// <summary>Deletes up to <paramref name="limit"/> entries of an application, oldest first. Returns how many.</summary>
    /// <param name="aboutUsers">Only entries about users; those about the application itself are kept.</param>
    public Task<int> RemoveBatch(DbConnection db, string appId, bool aboutUsers, int limit) =>
        db.ExecuteAsync(
            $"""
            DELETE FROM audit WHERE app_id = @appId AND (at, id) IN (
              SELECT at, id FROM audit
              WHERE app_id = @appId AND (@aboutUsers = FALSE OR actor IN ('{AuditEntry.ByUser}', '{AuditEntry.ByServer}')
                OR (handle <> '' AND {MemberActions.Not}))
              ORDER BY at, id LIMIT @limit)
            """,
            new
            {
                appId,
                aboutUsers,
                limit,
            }
        );

    /// <summary>Deletes up to <paramref name="limit"/> entries older than <paramref name="before"/>. Returns how many.</summary>
    public Task<int> RemoveOlder(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM audit WHERE (app_id, at, id) IN (SELECT old.app_id, old.at, old.id FROM applications a CROSS JOIN audit old "
                + "WHERE old.app_id = a.id AND old.at < @before LIMIT @limit)",
            new { before, limit }
        );

    /// <summary>Masks an anonymous handle, which is its user's only credential. The mask is the same for the same handle.</summary>
    public string MaskHandle(string handle) =>
        Handle.FromStored(handle).IsAnonymous ? $"ANON_…{ring.KeyedHash("anonymous", handle)[..6]}" : handle;
}
