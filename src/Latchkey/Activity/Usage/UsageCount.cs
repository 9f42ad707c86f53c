namespace Latchkey.Activity.Usage;

/// <summary>How often a thing happened in an application on a day.</summary>
public sealed record UsageCount
{
    public string AppId { get; init; } = "";

    public int Day { get; init; }

    /// <summary>A <see cref="UsageKind"/>.</summary>
    public string Kind { get; init; } = "";

    public long Count { get; init; }
}
