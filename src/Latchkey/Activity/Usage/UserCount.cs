namespace Latchkey.Activity.Usage;

/// <summary>The number of an application's users.</summary>
public sealed record UserCount
{
    public string AppId { get; init; } = "";

    public long Users { get; init; }

    /// <summary>The anonymous ones among them.</summary>
    public long Anonymous { get; init; }
}
