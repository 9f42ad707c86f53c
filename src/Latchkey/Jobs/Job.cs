namespace Latchkey.Jobs;

/// <summary>A piece of long work, as it is stored.</summary>
public sealed record Job
{
    public string Id { get; init; } = "";

    /// <summary>Null for work that outlives its application.</summary>
    public string? AppId { get; init; }

    /// <summary>The application of a job that has one.</summary>
    /// <exception cref="InvalidOperationException">It outlives its application.</exception>
    public string RequiredAppId => AppId ?? throw new InvalidOperationException($"the job {Id} ({Kind}) names no application");

    /// <summary>Names the <see cref="IJobHandler"/> that does it.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The e-mail address of the developer who started it, or the command line.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What the kind needs to know, in a form of its own.</summary>
    public string Input { get; init; } = "";

    public string State { get; init; } = JobState.Open;

    /// <summary>Pieces done so far, of <see cref="Total"/>.</summary>
    public long Done { get; init; }

    /// <summary>0 while nobody knows.</summary>
    public long Total { get; init; }

    /// <summary>One sentence when it is finished.</summary>
    public string Outcome { get; init; } = "";

    public long CreatedAt { get; init; }

    public long LeasedUntil { get; init; }

    public long? FinishedAt { get; init; }
}
