using System.Text.Json;

namespace Latchkey.Applications.Branding;

/// <summary>A published version of an application's branding, or the draft of the next one. The logo is kept beside it.</summary>
public sealed record BrandVersion
{
    /// <summary>The number of the draft.</summary>
    public const long Draft = 0;

    public long Version { get; init; }

    /// <summary>The <see cref="Brand"/> in JSON; empty for the one that all begin with.</summary>
    public string Settings
    {
        get;
        init
        {
            field = value;
            Brand = JsonSerializer.Deserialize(value, BrandJson.Default.Brand) ?? new();
        }
    } = "";

    public Brand Brand { get; private init; } = new();

    /// <summary>In pixels; 0 without a logo. So is the height.</summary>
    public long LogoWidth { get; init; }

    public long LogoHeight { get; init; }

    /// <summary>The earlier version that this one repeats; null for none.</summary>
    public long? RestoredFrom { get; init; }

    /// <summary>Who made it.</summary>
    public string Actor { get; init; } = "";

    public long ChangedAt { get; init; }

    public bool HasLogo => LogoWidth > 0;

    public static string Write(Brand brand) => JsonSerializer.Serialize(brand, BrandJson.Default.Brand);
}
