namespace Latchkey.Applications.Branding;

/// <summary>How an application looks on the pages that its users see. Nothing in it is CSS or HTML of a developer.</summary>
public sealed record Brand
{
    public const string DefaultColor = "#0b6e57";
    public const int DefaultRadius = 10;

    /// <summary>What users read in the place of the application's name, on pages and in messages; empty for that name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of buttons and links, as in <see cref="Rgb"/>. All other shades are computed from it.</summary>
    public string Color { get; init; } = DefaultColor;

    /// <summary>Of corners, in CSS pixels.</summary>
    public int Radius { get; init; } = DefaultRadius;

    public BrandScheme Scheme { get; init; }

    /// <summary>An https address; empty for none. So are the next two.</summary>
    public string TermsUrl { get; init; } = "";

    public string PrivacyUrl { get; init; } = "";

    /// <summary>Where users find help; this one can be a mailto address too.</summary>
    public string HelpUrl { get; init; } = "";
}
