namespace Latchkey.Activity.Usage;

/// <summary>A counter of an application and day, or hour.</summary>
public sealed record UsageCount
{
    public string AppId { get; init; } = "";

    public int Day { get; init; }

    /// <summary>Of an hour's counter, and of what is counted by the hour too: UTC hours since 1970-01-01.</summary>
    public int? Hour { get; init; }

    /// <summary>A <see cref="UsageKind"/>.</summary>
    public string Kind { get; init; } = "";

    public long Count { get; init; }

    /// <summary>When the hour, or the day, began.</summary>
    public DateTimeOffset Start => Hour is { } hour ? UsageTime.Start(UsageStep.Hour, hour) : UsageTime.Start(UsageStep.Day, Day);
}
