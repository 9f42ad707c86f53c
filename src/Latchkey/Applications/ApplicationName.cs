namespace Latchkey.Applications;

/// <summary>What a choice of applications shows of each.</summary>
public sealed record ApplicationName
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>An <see cref="ApplicationStatus"/>.</summary>
    public string Status { get; init; } = "";
}
