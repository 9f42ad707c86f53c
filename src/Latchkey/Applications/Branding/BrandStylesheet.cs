using System.Globalization;

namespace Latchkey.Applications.Branding;

/// <summary>The second stylesheet of pages: an application's own values for the names that plain.css uses, and nothing else.</summary>
public static class BrandStylesheet
{
    /// <param name="brand">It is valid: what it holds is a colour, a number and a word of ours.</param>
    public static string Write(Brand brand)
    {
        var color = Rgb.Parse(brand.Color) ?? throw new ArgumentException("no colour", nameof(brand));
        var light = BrandPalette.Create(color, isDark: false);
        var dark = BrandPalette.Create(color, isDark: true);
        var scheme = brand.Scheme switch
        {
            BrandScheme.Light => "light",
            BrandScheme.Dark => "dark",
            _ => "light dark",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            :root {
              color-scheme: {{scheme}};
              --round: {{brand.Radius}}px;
              --brand: light-dark({{light.Base}}, {{dark.Base}});
              --brand-deep: light-dark({{light.Deep}}, {{dark.Deep}});
              --on-brand: light-dark({{light.On}}, {{dark.On}});
              --brand-text: light-dark({{light.Base}}, {{dark.Base}});
              --brand-soft: light-dark({{light.Soft}}, {{dark.Soft}});
            }
            @supports not (color: light-dark(#000, #fff)) {
              :root {
                color-scheme: light;
                --brand: {{light.Base}};
                --brand-deep: {{light.Deep}};
                --on-brand: {{light.On}};
                --brand-text: {{light.Base}};
                --brand-soft: {{light.Soft}};
              }
            }

            """
        );
    }
}
