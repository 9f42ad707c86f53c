namespace Latchkey.Applications.Branding;

/// <summary>
/// The shades that pages have of one colour, light or dark. All text of a page has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3).
/// </summary>
/// <param name="Base">Buttons, and links on the page.</param>
/// <param name="Deep">Buttons under the pointer.</param>
/// <param name="On">Text on buttons.</param>
/// <param name="Soft">The ground of what is chosen, below ordinary text.</param>
public sealed record BrandPalette(Rgb Base, Rgb Deep, Rgb On, Rgb Soft)
{
    public const double MinContrast = 4.5;

    private const double Step = 0.002;
    private const double DeepStep = 0.07;
    private static readonly Rgb LightSurface = Rgb.White;
    private static readonly Rgb DarkSurface = new(0x17, 0x17, 0x1b);
    private static readonly Rgb NearBlack = new(0x0e, 0x0e, 0x11);

    /// <summary>The grounds of plain.css that a link has the least contrast on: --paper in light, --sunken in dark.</summary>
    private static readonly Rgb LightGround = new(0xf4, 0xf4, 0xf6);
    private static readonly Rgb DarkGround = new(0x1f, 0x1f, 0x25);

    /// <summary>Whether links and buttons of this colour can be read on a page.</summary>
    public static bool Holds(Rgb color, bool isDark) => color.ContrastTo(isDark ? DarkGround : LightGround) >= MinContrast;

    /// <summary>The nearest colour of the same hue that can be read: the colour itself if it can.</summary>
    public static Rgb Nearest(Rgb color, bool isDark)
    {
        var (shade, found) = (Oklch.From(color), color);
        while (!Holds(found, isDark))
        {
            shade = shade with { Lightness = shade.Lightness + (isDark ? Step : -Step) };
            found = shade.ToRgb();
        }

        return found;
    }

    public static BrandPalette Create(Rgb color, bool isDark)
    {
        var (found, surface) = (Nearest(color, isDark), isDark ? DarkSurface : LightSurface);
        var shade = Oklch.From(found);
        var deep = shade with { Lightness = Math.Clamp(shade.Lightness + (isDark ? DeepStep : -DeepStep), 0, 1) };
        return new(found, deep.ToRgb(), isDark ? NearBlack : Rgb.White, found.Over(surface, isDark ? 0.16 : 0.1));
    }
}
