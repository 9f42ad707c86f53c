namespace Latchkey.Activity.Audit;

/// <summary>A line of the installation's log, as stored.</summary>
public sealed record InstallationLogLine
{
    public string Id { get; init; } = "";

    /// <summary>Unix milliseconds; of repetitions, the last.</summary>
    public long At { get; init; }

    public string Action { get; init; } = "";

    /// <summary>The actor's name at that time; empty for the account itself.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The actor's account; empty for none.</summary>
    public string ActorId { get; init; } = "";

    /// <summary>That account's address today; null when it is gone.</summary>
    public string? ActorEmail { get; init; }

    /// <summary>The account that it is about; empty for none.</summary>
    public string DeveloperId { get; init; } = "";

    /// <summary>That account's address today; null when it is gone.</summary>
    public string? DeveloperEmail { get; init; }

    public bool IsRefused { get; init; }

    public string Detail { get; init; } = "";

    public string Client { get; init; } = "";

    /// <summary>How often the same happened within an hour.</summary>
    public int Count { get; init; }

    /// <summary>Who did it, in words.</summary>
    public string Who =>
        ActorEmail
        ?? (
            Actor.Length > 0 ? Actor
            : DeveloperId.Length > 0 ? "deleted account"
            : "unknown account"
        );
}
