using System.Text.Json;
using Latchkey.Jobs;

namespace Latchkey.Users.Batches;

/// <summary>The input of a <see cref="UserBatchJob"/>, and how far it has come.</summary>
public sealed record UserBatchState
{
    /// <summary>So many failures are kept; the others are only counted.</summary>
    public const int MaxFailures = 50;

    /// <summary>The <see cref="BatchAction.Name"/>.</summary>
    public string Action { get; init; } = "";

    /// <summary>Whom it is about: the search as typed, which each step reads again. One that cannot be read ends the job.</summary>
    public string Search { get; init; } = "";

    /// <summary>Among the anonymous users.</summary>
    public bool Anonymous { get; init; }

    /// <summary>The address of who started it, for the log.</summary>
    public string Client { get; init; } = "";

    /// <summary>Users who were created later are left alone, in unix milliseconds.</summary>
    public long Until { get; init; }

    /// <summary>How many users matched; 0 for more than could be counted.</summary>
    public long Total { get; init; }

    /// <summary>The position after the last user; empty at the start.</summary>
    public string Cursor { get; init; } = "";

    public long Changed { get; init; }

    public long Failed { get; init; }

    public IReadOnlyList<BatchFailure> Failures { get; init; } = [];

    public long Seen => Changed + Failed;

    public BatchAction RequiredAction =>
        BatchAction.Find(Action) ?? throw new InvalidOperationException($"a batch of users has the unknown action {Action}");

    public string Serialize() => JsonSerializer.Serialize(this, UserBatchJson.Default.UserBatchState);

    public static UserBatchState Of(Job job) =>
        JsonSerializer.Deserialize(job.Input, UserBatchJson.Default.UserBatchState)
        ?? throw new InvalidOperationException($"the job {job.Id} has no input");

    /// <summary>This state with one more user who was not changed.</summary>
    public UserBatchState WithFailure(BatchFailure failure) =>
        this with
        {
            Failed = Failed + 1,
            Failures = Failures.Count < MaxFailures ? [.. Failures, failure] : Failures,
        };
}
