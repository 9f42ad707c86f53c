namespace Latchkey.Activity.Usage;

/// <summary>How many users an application has.</summary>
public sealed record UserCount
{
    public string AppId { get; init; } = "";

    public long Users { get; init; }
}
