using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Users.Administration;
using Latchkey.Users.Search;

namespace Latchkey.Users.Batches;

/// <summary>
/// Changes all users who match a filter, newest first. How far it has come is recorded in the transaction of each change, so that a killed
/// node changes nobody twice and leaves nobody out.
/// </summary>
public sealed class UserBatchJob(
    Database database,
    JobStore jobs,
    UserList list,
    UserStore users,
    UserBatchChange change,
    ApplicationCache applications,
    AuditStore audit,
    TimeProvider clock
) : IJobHandler
{
    public const string Kind = "userBatch";
    private const int BatchSize = 200;
    private static readonly TimeSpan StepDuration = TimeSpan.FromSeconds(1);

    /// <summary>Rolls a change back: somebody stopped the job, or another node has it.</summary>
    private static readonly Error NotOurs = ErrorCodes.InvalidData with { Message = "The work was stopped." };

    public string Name => Kind;

    public string Title(Job job) => $"Users: {UserBatchState.Of(job).RequiredAction.Verb.ToLowerInvariant()}";

    public (string Path, string Text) ResultLink(Job job) =>
        ($"/portal/applications/{job.AppId}/users{(UserBatchState.Of(job).Anonymous ? "/anonymous" : "")}", "Back to the users");

    public string? CancelledOutcome(Job job) => $"Stopped. {Outcome(UserBatchState.Of(job))}";

    public async Task<IReadOnlyList<JobFailure>> Failures(Job job)
    {
        var failures = UserBatchState.Of(job).Failures;
        var handles =
            failures.Count == 0
                ? new Dictionary<string, string>(StringComparer.Ordinal)
                : await database.Read(db =>
                    users.Handles(db, database.Dialect, job.RequiredAppId, [.. failures.Select(failure => failure.UserId)])
                );
        return
        [
            .. failures.Select(failure => new JobFailure(
                $"/portal/applications/{job.AppId}/users/{failure.UserId}",
                handles.TryGetValue(failure.UserId, out var handle) ? audit.MaskHandle(handle) : failure.UserId,
                failure.Reason
            )),
        ];
    }

    public async Task<JobStep> RunStep(Job job, CancellationToken stop)
    {
        var state = UserBatchState.Of(job);
        if (await applications.Find(job.RequiredAppId) is not { } application)
        {
            return Step(state, "The application no longer exists.");
        }

        if (list.Read(UserSearchScope.Of(application, state.Anonymous), state.Search, "").Failed(out var query, out var refused))
        {
            return Step(state, $"{Outcome(state)} It stopped because the search means nothing any more. {refused.Message}");
        }

        var page = await list.PageWithoutMetadata(application.Id, UserBatches.InOrder(query), new PageRequest(state.Cursor, "", BatchSize));
        var begin = clock.GetTimestamp();
        foreach (var user in page.Rows.Where(user => user.CreatedAt <= state.Until))
        {
            if (stop.IsCancellationRequested || clock.GetElapsedTime(begin) > StepDuration)
            {
                return Step(state);
            }

            if (await Change(job, application, user, state) is not { } next)
            {
                return Step(state); // which nobody records: the job is not ours any more
            }

            state = next;
        }

        return page.Next is not { } end ? Step(state, Outcome(state)) : Step(await MoveTo(job, state, end));
    }

    /// <summary>Null when the job was stopped or another node has it.</summary>
    private async Task<UserBatchState?> Change(Job job, Application application, User user, UserBatchState state)
    {
        var moved = state with { Cursor = new PageCursor(0, user.CreatedAt, user.Id).Encoded };
        var changed = moved with { Changed = state.Changed + 1 };
        var result = await change.Apply(
            application,
            user.Id,
            state.RequiredAction,
            new Actor(job.Actor, state.Client),
            async db => await jobs.TryCheckpoint(db, job, changed.Serialize(), changed.Seen) ? default(Done) : NotOurs
        );
        if (result.Error is not { } refused)
        {
            return changed;
        }

        var failed = moved.WithFailure(new BatchFailure(user.Id, refused.Message));
        return refused != NotOurs && await database.Write(db => jobs.TryCheckpoint(db, job, failed.Serialize(), failed.Seen))
            ? failed
            : null;
    }

    /// <summary>Where nobody matched, the search goes on behind the rows that it has looked at.</summary>
    private async Task<UserBatchState> MoveTo(Job job, UserBatchState state, PageCursor end)
    {
        var moved = state with { Cursor = end.Encoded };
        await database.Write(db => jobs.TryCheckpoint(db, job, moved.Serialize(), moved.Seen));
        return moved;
    }

    private static JobStep Step(UserBatchState state, string? outcome = null) =>
        new(state.Seen, outcome is null ? Math.Max(state.Total, state.Total == 0 ? 0 : state.Seen) : state.Seen, outcome);

    private static string Outcome(UserBatchState state) =>
        state.RequiredAction.Describe(state.Changed)
        + (state.Failed > 0 ? $" {BatchAction.FormatUsers(state.Failed)} {(state.Failed == 1 ? "was" : "were")} left as before." : "");
}
