namespace Latchkey.Applications.Branding;

/// <summary>Whether pages are light or dark.</summary>
public enum BrandScheme
{
    /// <summary>As the user's device is set.</summary>
    Auto,
    Light,
    Dark,
}
