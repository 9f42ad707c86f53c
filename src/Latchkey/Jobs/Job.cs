namespace Latchkey.Jobs;

/// <summary>A piece of long work, as it is stored.</summary>
public sealed record Job
{
    public string Id { get; init; } = "";

    /// <summary>Null for work that outlives its application.</summary>
    public string? AppId { get; init; }

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

public static class JobState
{
    public const string Open = "open";
    public const string Done = "done";
    public const string Failed = "failed";
}

/// <summary>A kind of long work. It is done in steps of about a second, so that other work has its turn and a kill loses one step.</summary>
public interface IJobHandler
{
    string Name { get; }

    /// <summary>What people read above its progress.</summary>
    string Title(Job job);

    /// <summary>Where people go from its page; <c>Text</c> says where that is.</summary>
    (string Path, string Text) ResultLink(Job job);

    /// <summary>Does the next piece. It may be called again for a piece that was done: a node can die before it says so.</summary>
    Task<JobStep> RunStep(Job job, CancellationToken stop);
}

/// <summary>How far a job has come.</summary>
/// <param name="Outcome">One sentence for people when it is finished; null while there is more to do.</param>
public sealed record JobStep(long Done, long Total, string? Outcome = null);
