using System.Text.Json;

namespace Latchkey.Applications.Settings;

/// <summary>The operator's limits of both application types, stored as one document.</summary>
public sealed record InstallationLimits
{
    public TypeLimits Development { get; init; } = new();

    public TypeLimits Commercial { get; init; } = new();

    public TypeLimits ForType(string type) => type == ApplicationType.Commercial ? Commercial : Development;

    public static InstallationLimits Read(string? json) =>
        (json is null ? null : JsonSerializer.Deserialize(json, LimitsJson.Default.InstallationLimits)) ?? new();

    public string Write() => JsonSerializer.Serialize(this, LimitsJson.Default.InstallationLimits);
}
