namespace Latchkey.Activity.Metering;

/// <summary>The type and the status of an application, from a time on.</summary>
public sealed record MeteredState
{
    /// <summary>The status of an application that is deleted.</summary>
    public const string Deleted = "deleted";

    /// <summary>The status while billing is off. What an application is in that time is not known, and not charged.</summary>
    public const string Unmetered = "unmetered";

    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>The application's name at that time.</summary>
    public string Name { get; init; } = "";

    public string Type { get; init; } = "";

    public string Status { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long BeganAt { get; init; }
}
