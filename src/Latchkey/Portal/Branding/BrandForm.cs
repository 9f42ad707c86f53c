using System.Globalization;
using Latchkey.Applications.Branding;
using Latchkey.Core;

namespace Latchkey.Portal.Branding;

/// <summary>The form of a brand.</summary>
public static class BrandForm
{
    /// <summary>With room for a logo in a form of several parts.</summary>
    public const int MaxBytes = LogoEncoder.MaxFileBytes + (64 * 1024);

    /// <summary>As it was typed; what is no number or word of ours is refused later.</summary>
    public static Brand Read(FormValues form) =>
        new()
        {
            Name = form["name"],
            Color = form["color"],
            Radius = int.TryParse(form["radius"], NumberStyles.None, CultureInfo.InvariantCulture, out var radius) ? radius : -1,
            Scheme = EnumNames.TryParse(form["scheme"], out BrandScheme scheme) ? scheme : (BrandScheme)(-1),
            TermsUrl = form["termsUrl"],
            PrivacyUrl = form["privacyUrl"],
            HelpUrl = form["helpUrl"],
        };

    /// <summary>
    /// What a preview shows while somebody types: each value that can be used, and the saved one in the place of any other. A colour that
    /// cannot be read is shown as the nearest that can.
    /// </summary>
    public static Brand ForPreview(Brand typed, Brand saved)
    {
        var shown = saved;
        Func<Brand, Brand>[] changes =
        [
            brand => brand with { Name = typed.Name },
            brand => brand with { Radius = typed.Radius },
            brand => brand with { Scheme = typed.Scheme, Color = Readable(saved.Color, typed.Scheme) },
            brand => brand with { Color = Readable(typed.Color, brand.Scheme) },
            brand => brand with { TermsUrl = typed.TermsUrl },
            brand => brand with { PrivacyUrl = typed.PrivacyUrl },
            brand => brand with { HelpUrl = typed.HelpUrl },
        ];
        foreach (var change in changes)
        {
            shown = BrandValidation.Check(change(shown)).Value ?? shown;
        }

        return shown;
    }

    private static string Readable(string color, BrandScheme scheme) =>
        Rgb.Parse(color.Trim()) is { } found ? BrandPalette.Nearest(found, scheme == BrandScheme.Dark).ToString() : color;
}
