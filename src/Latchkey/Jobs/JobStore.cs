using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>The table jobs.</summary>
public sealed class JobStore(Dialect dialect)
{
    private const string Columns = "id, app_id, kind, actor, input, state, done, total, outcome, created_at, leased_until, finished_at";

    public Task Insert(DbConnection db, Job job) =>
        db.ExecuteAsync(
            """
            INSERT INTO jobs (id, app_id, kind, actor, input, state, done, total, outcome, created_at, leased_until)
            VALUES (@Id, @AppId, @Kind, @Actor, @Input, @State, @Done, @Total, @Outcome, @CreatedAt, @LeasedUntil)
            """,
            job
        );

    /// <summary>Whether a job of these kinds is waiting. Checked before <see cref="Lease"/>, which writes.</summary>
    public async Task<bool> AnyDue(DbConnection db, string[] kinds, long now) =>
        await db.QueryFirstOrDefaultAsync<int?>(
            $"SELECT 1 FROM jobs WHERE state = 'open' AND leased_until <= @now AND kind {dialect.InArray("kinds")} LIMIT 1",
            new { kinds, now }
        )
            is not null;

    /// <summary>Leases the longest-waiting open job of these kinds until <paramref name="leaseUntil"/>; null when there is none.</summary>
    public Task<Job?> Lease(DbConnection db, string[] kinds, long now, long leaseUntil) =>
        db.QueryFirstOrDefaultAsync<Job>(
            $"""
            UPDATE jobs SET leased_until = @leaseUntil
            WHERE id IN (SELECT id FROM jobs WHERE state = 'open' AND leased_until <= @now AND kind {dialect.InArray(
                "kinds"
            )} ORDER BY leased_until LIMIT 1 {dialect.ForUpdateSkipLocked})
            RETURNING {Columns}
            """,
            new
            {
                kinds,
                now,
                leaseUntil,
            }
        );

    /// <summary>
    /// Records a step and returns the job to the queue. Does nothing when the lease has expired and another node holds the job.
    /// </summary>
    public Task Advance(DbConnection db, Job leased, JobStep step, long now) =>
        db.ExecuteAsync(
            "UPDATE jobs SET done = @Done, total = @Total, leased_until = @now WHERE id = @Id AND state = 'open' AND "
                + "leased_until = @LeasedUntil",
            new
            {
                leased.Id,
                leased.LeasedUntil,
                step.Done,
                step.Total,
                now,
            }
        );

    /// <summary>
    /// Records within a step how far it has come, in the transaction of what it did. False when the job was stopped or another node holds
    /// it: then the caller's transaction must not commit.
    /// </summary>
    public async Task<bool> TryCheckpoint(DbConnection db, Job leased, string input, long done) =>
        await db.ExecuteAsync(
            "UPDATE jobs SET input = @input, done = @done WHERE id = @Id AND state = 'open' AND leased_until = @LeasedUntil",
            new
            {
                leased.Id,
                leased.LeasedUntil,
                input,
                done,
            }
        ) == 1;

    /// <summary>An open job, locked until the caller's transaction ends; null when it has ended.</summary>
    public Task<Job?> FindOpenForUpdate(DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<Job>($"SELECT {Columns} FROM jobs WHERE id = @id AND state = 'open' {dialect.ForUpdate}", new { id });

    public Task Cancel(DbConnection db, string id, string outcome, long now) =>
        db.ExecuteAsync(
            $"UPDATE jobs SET state = '{JobState.Cancelled}', outcome = @outcome, finished_at = @now WHERE id = @id AND state = 'open'",
            new
            {
                id,
                outcome,
                now,
            }
        );

    public Task Finish(DbConnection db, Job leased, JobStep step, string state, long now) =>
        db.ExecuteAsync(
            "UPDATE jobs SET state = @state, done = @Done, total = @Total, outcome = @Outcome, finished_at = @now WHERE id = @Id "
                + "AND state = 'open' AND leased_until = @LeasedUntil",
            new
            {
                leased.Id,
                leased.LeasedUntil,
                step.Done,
                step.Total,
                Outcome = step.Outcome ?? "",
                state,
                now,
            }
        );

    public Task<Job?> Find(DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<Job>($"SELECT {Columns} FROM jobs WHERE id = @id", new { id });

    /// <summary>The application's newest job of a kind.</summary>
    public Task<Job?> Newest(DbConnection db, string appId, string kind) =>
        db.QueryFirstOrDefaultAsync<Job>(
            $"SELECT {Columns} FROM jobs WHERE app_id = @appId AND kind = @kind ORDER BY created_at DESC, id DESC LIMIT 1",
            new { appId, kind }
        );

    /// <summary>
    /// Whether the application has an unfinished job of a kind. Locks the application's row, so that concurrent callers are serialised.
    /// </summary>
    public async Task<bool> IsRunning(DbConnection db, string appId, string kind)
    {
        await db.ExecuteAsync($"SELECT id FROM applications WHERE id = @appId {dialect.ForUpdate}", new { appId });
        return await Newest(db, appId, kind) is { State: JobState.Open };
    }

    /// <summary>Open jobs of all applications, oldest first.</summary>
    public async Task<IReadOnlyList<Job>> ListOpen(DbConnection db) =>
        [.. await db.QueryAsync<Job>($"SELECT {Columns} FROM jobs WHERE state = 'open' ORDER BY created_at, id")];

    /// <summary>Deletes an application's jobs and their partial results.</summary>
    public Task RemoveByApplication(DbConnection db, string appId) =>
        db.ExecuteAsync("DELETE FROM jobs WHERE app_id = @appId", new { appId });

    public Task<int> RemoveFinished(DbConnection db, long before) =>
        db.ExecuteAsync("DELETE FROM jobs WHERE finished_at < @before", new { before });
}
