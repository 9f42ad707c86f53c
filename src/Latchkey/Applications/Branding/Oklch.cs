namespace Latchkey.Applications.Branding;

/// <summary>
/// A colour as people see it (CSS Color Module Level 4 §9.2, after https://bottosson.github.io/posts/oklab): with another lightness it
/// keeps its hue.
/// </summary>
/// <param name="Lightness">0 for black to 1 for white.</param>
/// <param name="Chroma">0 for grey, up to about 0.4.</param>
/// <param name="Hue">In radians.</param>
public sealed record Oklch(double Lightness, double Chroma, double Hue)
{
    private const int ChromaSteps = 12;
    private const double Tolerance = 0.0005;

    public static Oklch From(Rgb color)
    {
        var (r, g, b) = (Rgb.Linear(color.Red), Rgb.Linear(color.Green), Rgb.Linear(color.Blue));
        var l = Math.Cbrt((0.4122214708 * r) + (0.5363325363 * g) + (0.0514459929 * b));
        var m = Math.Cbrt((0.2119034982 * r) + (0.6806995451 * g) + (0.1073969566 * b));
        var s = Math.Cbrt((0.0883024619 * r) + (0.2817188376 * g) + (0.6299787005 * b));
        var (lightness, a, other) = (
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s)
        );
        return new(lightness, Math.Sqrt((a * a) + (other * other)), Math.Atan2(other, a));
    }

    /// <summary>The nearest colour that screens can show: with less chroma where this one is too strong for its lightness.</summary>
    public Rgb ToRgb()
    {
        var chroma = Chroma;
        if (!IsShown(Light(chroma)))
        {
            var (low, high) = (0.0, chroma);
            for (var step = 0; step < ChromaSteps; step++)
            {
                var middle = (low + high) / 2;
                (low, high) = IsShown(Light(middle)) ? (middle, high) : (low, middle);
            }

            chroma = low;
        }

        var (r, g, b) = Light(chroma);
        return new(Channel(r), Channel(g), Channel(b));
    }

    private (double Red, double Green, double Blue) Light(double chroma)
    {
        var (a, b) = (chroma * Math.Cos(Hue), chroma * Math.Sin(Hue));
        var l = Math.Pow(Lightness + (0.3963377774 * a) + (0.2158037573 * b), 3);
        var m = Math.Pow(Lightness - (0.1055613458 * a) - (0.0638541728 * b), 3);
        var s = Math.Pow(Lightness - (0.0894841775 * a) - (1.2914855480 * b), 3);
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s)
        );
    }

    private static bool IsShown((double Red, double Green, double Blue) light) =>
        IsShown(light.Red) && IsShown(light.Green) && IsShown(light.Blue);

    private static bool IsShown(double light) => light is > -Tolerance and < 1 + Tolerance;

    private static byte Channel(double light)
    {
        var value = Math.Clamp(light, 0, 1);
        return (byte)Math.Round(255 * (value <= 0.0031308 ? value * 12.92 : (1.055 * Math.Pow(value, 1 / 2.4)) - 0.055));
    }
}
