namespace Latchkey.Messages.Outbox;

/// <summary>Messages that no provider has accepted yet.</summary>
public sealed record Backlog
{
    public long Waiting { get; init; }

    /// <summary>How many of them were tried at least once.</summary>
    public long Tried { get; init; }

    /// <summary>When the oldest was queued, in unix milliseconds.</summary>
    public long? Oldest { get; init; }

    /// <summary>The latest provider response among the tried ones.</summary>
    public string? Answer { get; init; }
}
