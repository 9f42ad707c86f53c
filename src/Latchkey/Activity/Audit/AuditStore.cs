using System.Data.Common;
using Dapper;
using Latchkey.Activity.Usage;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Activity.Audit;

/// <summary>The table audit: what changed in an application, and what was refused.</summary>
public sealed class AuditStore(KeyRing ring, UsageStore usage, TimeProvider clock)
{
    private const int MaxDetailLength = 300;

    /// <summary>Lines about members name a developer where others name a user.</summary>
    private const string NotAboutMembers = "action NOT LIKE '%Member%' AND action <> 'leaveApplication'";

    /// <summary>Part of the transaction of what it records.</summary>
    public async Task Add(DbConnection db, AuditEntry entry)
    {
        var now = clock.Now();
        await db.ExecuteDeferred(
            """
            INSERT INTO audit (app_id, at, id, action, actor, handle, code, detail, client)
            VALUES (@AppId, @At, @Id, @Action, @Actor, @Handle, @Code, @Detail, @Client)
            """,
            new
            {
                Id = Ids.New(clock),
                entry.AppId,
                entry.Action,
                entry.Actor,
                Handle = MaskHandle(entry.Handle),
                entry.Code,
                Detail = Strings.Truncate(entry.Detail, MaxDetailLength),
                entry.Client,
                At = now,
            }
        );
        if (entry.Code != 0)
        {
            await usage.Count(db, entry.AppId, now, UsageKind.Failure);
        }
    }

    /// <summary>Removes up to so many lines of an application, oldest first; their number.</summary>
    /// <param name="aboutUsers">Only lines about users; what was done with the application itself stays on record.</param>
    public Task<int> RemoveBatch(DbConnection db, string appId, bool aboutUsers, int most) =>
        db.ExecuteAsync(
            $"""
            DELETE FROM audit WHERE app_id = @appId AND (at, id) IN (
              SELECT at, id FROM audit
              WHERE app_id = @appId AND (@aboutUsers = FALSE OR actor IN ('{AuditEntry.ByUser}', '{AuditEntry.ByServer}')
                OR (handle <> '' AND {NotAboutMembers}))
              ORDER BY at, id LIMIT @most)
            """,
            new
            {
                appId,
                aboutUsers,
                most,
            }
        );

    /// <summary>Removes at most so many lines older than this; how many it were.</summary>
    public Task<int> RemoveOlder(DbConnection db, long before, int most) =>
        db.ExecuteAsync(
            "DELETE FROM audit WHERE (app_id, at, id) IN (SELECT old.app_id, old.at, old.id FROM applications a CROSS JOIN audit old "
                + "WHERE old.app_id = a.id AND old.at < @before LIMIT @most)",
            new { before, most }
        );

    /// <summary>
    /// An anonymous handle is its user's only credential, so the log has a mark in its place: the same for the same user.
    /// </summary>
    public string MaskHandle(string handle) =>
        Handle.FromStored(handle).IsAnonymous ? $"ANON_…{ring.KeyedHash("anonymous", handle)[..6]}" : handle;
}
