namespace Latchkey.Messages.Outbox;

/// <summary>Messages that a provider has not taken yet.</summary>
public sealed record Backlog
{
    public long Waiting { get; init; }

    /// <summary>Those of them that were tried at least once.</summary>
    public long Tried { get; init; }

    /// <summary>When the oldest was put in.</summary>
    public long? Oldest { get; init; }

    /// <summary>The newest answer among those that were tried.</summary>
    public string? Answer { get; init; }
}
