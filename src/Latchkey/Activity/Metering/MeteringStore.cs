using System.Data.Common;
using Dapper;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Activity.Metering;

/// <summary>
/// The tables metered_uses, metered_states and metered_storage: what applications are charged for. Each row is written in the transaction
/// of what it counts. While billing is off, nothing is written.
/// </summary>
public sealed class MeteringStore(InstallationSettings installation, TimeProvider clock)
{
    private const string Newest =
        "NOT EXISTS (SELECT 1 FROM metered_states n WHERE n.app_id = s.app_id AND (n.began_at, n.id) > (s.began_at, s.id))";

    public bool IsOn => installation.Billing is not null;

    /// <summary>Counts a use, once a month for each subject. It is sent with the commit, so that a login waits for nothing more.</summary>
    /// <param name="kind">A <see cref="MeterKind"/>.</param>
    /// <param name="subject">A user's or a message's id.</param>
    public Task RecordUse(DbConnection db, string appId, string kind, string subject, long at) =>
        IsOn
            ? db.ExecuteDeferred(
                """
                INSERT INTO metered_uses (app_id, month, kind, subject, at) VALUES (@appId, @month, @kind, @subject, @at)
                ON CONFLICT (app_id, month, kind, subject) DO NOTHING
                """,
                new
                {
                    appId,
                    month = CalendarMonth.Of(at).Number,
                    kind,
                    subject,
                    at,
                }
            )
            : Task.CompletedTask;

    /// <summary>
    /// Records an application's type and status when one of them has changed, just after the newest if this node's clock is behind.
    /// </summary>
    public Task RecordState(DbConnection db, string appId, string name, string type, string status, long at) =>
        IsOn
            ? db.ExecuteAsync(
                $"""
                INSERT INTO metered_states (app_id, id, name, type, status, began_at)
                SELECT @appId, @id, @name, @type, @status, CASE WHEN last.at >= @at THEN last.at + 1 ELSE @at END
                FROM (SELECT COALESCE(MAX(began_at), -1) AS at FROM metered_states WHERE app_id = @appId) last WHERE NOT EXISTS (
                  SELECT 1 FROM metered_states s WHERE s.app_id = @appId AND s.type = @type AND s.status = @status AND {Newest})
                """,
                new
                {
                    appId,
                    id = Ids.New(clock),
                    name,
                    type,
                    status,
                    at,
                }
            )
            : Task.CompletedTask;

    /// <summary>Records that an application is deleted from now on, whatever happens to its rows.</summary>
    public Task RecordDeletion(DbConnection db, string appId) =>
        IsOn
            ? db.ExecuteAsync(
                $"""
                INSERT INTO metered_states (app_id, id, name, type, status, began_at)
                SELECT a.id, @id, a.name, a.type, '{MeteredState.Deleted}', @at FROM applications a
                WHERE a.id = @appId AND NOT EXISTS (
                  SELECT 1 FROM metered_states s WHERE s.app_id = a.id AND s.status = '{MeteredState.Deleted}')
                """,
                new
                {
                    appId,
                    id = Ids.New(clock),
                    at = clock.Now(),
                }
            )
            : Task.CompletedTask;

    /// <summary>
    /// Records what an application stores from now on, in bytes, if that is something else than the newest record says. As each record is
    /// later than the one before, the newest is never in doubt. Call it in the transaction that changes it.
    /// </summary>
    public Task RecordStorage(DbConnection db, string appId, long bytes) =>
        IsOn
            ? db.ExecuteDeferred(
                """
                INSERT INTO metered_storage (app_id, id, bytes, at)
                SELECT @appId, @id, @bytes, CASE WHEN last.at >= @at THEN last.at + 1 ELSE @at END
                FROM (SELECT COALESCE(MAX(at), -1) AS at FROM metered_storage WHERE app_id = @appId) last WHERE NOT EXISTS (
                  SELECT 1 FROM metered_storage s WHERE s.app_id = @appId AND s.at = last.at AND s.bytes = @bytes)
                """,
                new
                {
                    appId,
                    id = Ids.New(clock),
                    bytes,
                    at = clock.Now(),
                }
            )
            : Task.CompletedTask;

    /// <summary>
    /// Records the state of applications that changed while billing was off. What they were before is not known, and not charged.
    /// </summary>
    public async Task RecordUnknownStates(DbConnection db)
    {
        var row = new { id = Ids.New(clock), at = clock.Now() };
        await db.ExecuteAsync(
            $"""
            INSERT INTO metered_states (app_id, id, name, type, status, began_at)
            SELECT a.id, @id, a.name, a.type, CASE WHEN a.erasing = 'delete' THEN '{MeteredState.Deleted}' ELSE a.status END, @at
            FROM applications a WHERE NOT EXISTS (SELECT 1 FROM metered_states s WHERE s.app_id = a.id AND s.type = a.type
              AND s.status = CASE WHEN a.erasing = 'delete' THEN '{MeteredState.Deleted}' ELSE a.status END AND {Newest})
            """,
            row
        );
        await db.ExecuteAsync(
            $"""
            INSERT INTO metered_states (app_id, id, name, type, status, began_at)
            SELECT s.app_id, @id, s.name, s.type, '{MeteredState.Deleted}', @at FROM metered_states s
            WHERE s.status <> '{MeteredState.Deleted}' AND {Newest} AND NOT EXISTS (SELECT 1 FROM applications a WHERE a.id = s.app_id)
            """,
            row
        );
    }

    /// <summary>Records that nothing is metered from now on, for all applications that were metered before.</summary>
    public Task RecordUnmetered(DbConnection db) =>
        db.ExecuteAsync(
            $"""
            INSERT INTO metered_states (app_id, id, name, type, status, began_at)
            SELECT s.app_id, @id, s.name, s.type, '{MeteredState.Unmetered}', CASE WHEN s.began_at >= @at THEN s.began_at + 1 ELSE @at END
            FROM metered_states s WHERE s.status NOT IN ('{MeteredState.Unmetered}', '{MeteredState.Deleted}') AND {Newest}
            """,
            new { id = Ids.New(clock), at = clock.Now() }
        );

    /// <summary>Deletes up to <paramref name="limit"/> uses of months before one. Returns how many.</summary>
    public Task<int> RemoveUsesBefore(DbConnection db, CalendarMonth month, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM metered_uses WHERE (app_id, month, kind, subject) IN (SELECT app_id, month, kind, subject FROM metered_uses "
                + "WHERE month < @Number LIMIT @limit)",
            new { month.Number, limit }
        );
}
