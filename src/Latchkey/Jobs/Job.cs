namespace Latchkey.Jobs;

/// <summary>A background job, as stored.</summary>
public sealed record Job
{
    public string Id { get; init; } = "";

    /// <summary>Null for a job that outlives its application.</summary>
    public string? AppId { get; init; }

    /// <summary>The App Id of a job that must have one.</summary>
    /// <exception cref="InvalidOperationException">The job has no application.</exception>
    public string RequiredAppId => AppId ?? throw new InvalidOperationException($"the job {Id} ({Kind}) names no application");

    /// <summary>The name of its <see cref="IJobHandler"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The developer's e-mail address, or the command line.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The handler's input, in its own format.</summary>
    public string Input { get; init; } = "";

    public string State { get; init; } = JobState.Open;

    /// <summary>Progress, out of <see cref="Total"/>.</summary>
    public long Done { get; init; }

    /// <summary>0 while unknown.</summary>
    public long Total { get; init; }

    /// <summary>The result as one sentence; empty until the job has finished.</summary>
    public string Outcome { get; init; } = "";

    public long CreatedAt { get; init; }

    public long LeasedUntil { get; init; }

    public long? FinishedAt { get; init; }
}
