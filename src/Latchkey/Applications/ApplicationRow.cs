using Latchkey.Applications.Settings;

namespace Latchkey.Applications;

/// <summary>An application, as stored.</summary>
public sealed record ApplicationRow
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>development or commercial.</summary>
    public string Type { get; init; } = ApplicationType.Development;

    /// <summary>active, inactive, suspended, blocked or migrated.</summary>
    public string Status { get; init; } = ApplicationStatus.Active;

    /// <summary><see cref="ApplicationSettings"/> as JSON.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>Incremented with every change.</summary>
    public long Revision { get; init; }

    /// <summary>A <see cref="Applications.DeletionState"/>; empty for none.</summary>
    public string Erasing { get; init; } = "";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
}
