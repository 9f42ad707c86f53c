namespace Latchkey.Activity.Usage;

/// <summary>A counter of an application and day.</summary>
public sealed record UsageCount
{
    public string AppId { get; init; } = "";

    public int Day { get; init; }

    /// <summary>A <see cref="UsageKind"/>.</summary>
    public string Kind { get; init; } = "";

    public long Count { get; init; }
}
