using System.Globalization;
using System.Text.RegularExpressions;

namespace Latchkey.Applications.Branding;

/// <summary>A colour of the sRGB space, eight bits a channel.</summary>
public sealed partial record Rgb(byte Red, byte Green, byte Blue)
{
    public static readonly Rgb White = new(255, 255, 255);

    /// <summary>Reads <c>#0b6e57</c> or <c>#fff</c>; null for anything else.</summary>
    public static Rgb? Parse(string text) =>
        !Notation().IsMatch(text) ? null
        : text.Length == 4 ? Parse($"#{text[1]}{text[1]}{text[2]}{text[2]}{text[3]}{text[3]}")
        : new Rgb(Channel(text, 1), Channel(text, 3), Channel(text, 5));

    /// <summary>As CSS has it: <c>#0b6e57</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    /// <summary>The contrast to another colour, 1 to 21 (WCAG 2.2, contrast ratio).</summary>
    public double ContrastTo(Rgb other)
    {
        var (one, two) = (Luminance, other.Luminance);
        return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
    }

    /// <summary>This colour over another one.</summary>
    /// <param name="below">The one below.</param>
    /// <param name="share">How much of this one is seen, 0 to 1.</param>
    public Rgb Over(Rgb below, double share) =>
        new(Mix(Red, below.Red, share), Mix(Green, below.Green, share), Mix(Blue, below.Blue, share));

    /// <summary>0 for black to 1 for white (WCAG 2.2, relative luminance).</summary>
    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <summary>A channel as light (IEC 61966-2-1).</summary>
    internal static double Linear(byte channel) =>
        channel / 255.0 is var value && value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static byte Mix(byte above, byte below, double share) => (byte)Math.Round((above * share) + (below * (1 - share)));

    private static byte Channel(string text, int start) =>
        byte.Parse(text.AsSpan(start, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Notation();
}
