using Latchkey.Applications.Branding;

namespace Latchkey.Tests.Applications.Branding;

/// <summary>The shades of one colour can be read, whatever the colour is.</summary>
public sealed class BrandPaletteTests
{
    private static readonly Rgb Ink = new(0x18, 0x18, 0x1c);
    private static readonly Rgb DarkInk = new(0xf1, 0xf1, 0xf4);
    private static readonly Rgb[] LightGrounds = [Rgb.White, new(0xf4, 0xf4, 0xf6), new(0xf6, 0xf6, 0xf8)];
    private static readonly Rgb[] DarkGrounds = [new(0x0e, 0x0e, 0x11), new(0x17, 0x17, 0x1b), new(0x1f, 0x1f, 0x25)];

    /// <summary>As contrast checkers give them, to two places.</summary>
    [Theory]
    [InlineData("#000", "#fff", 21)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#767676", "#ffffff", 4.54)]
    [InlineData("#949494", "#ffffff", 3.03)]
    [InlineData("#ff0000", "#ffffff", 4)]
    [InlineData("#00ff00", "#ffffff", 1.37)]
    [InlineData("#0000ff", "#ffffff", 8.59)]
    [InlineData("#ffff00", "#000000", 19.56)]
    [InlineData("#abcdef", "#abcdef", 1)]
    public void Contrast_is_that_of_WCAG(string one, string other, double contrast)
    {
        var (first, second) = (Rgb.Parse(one)!, Rgb.Parse(other)!);
        Math.Round(first.ContrastTo(second), 2).ShouldBe(contrast);
        Math.Round(second.ContrastTo(first), 2).ShouldBe(contrast);
    }

    /// <summary>Of CSS Color Module Level 4 and of Ottosson's article: lightness, chroma and hue in degrees.</summary>
    [Theory]
    [InlineData("#ffffff", 1, 0, null)]
    [InlineData("#ff0000", 0.628, 0.258, 29.2)]
    [InlineData("#00ff00", 0.866, 0.295, 142.5)]
    [InlineData("#0000ff", 0.452, 0.313, -95.9)]
    public void Colours_have_the_lightness_chroma_and_hue_of_OKLCH(string text, double lightness, double chroma, double? hue)
    {
        var color = Oklch.From(Rgb.Parse(text)!);
        Math.Round(color.Lightness, 3).ShouldBe(lightness);
        Math.Round(color.Chroma, 3).ShouldBe(chroma);
        if (hue is not null)
        {
            Math.Round(color.Hue * 180 / Math.PI, 1).ShouldBe(hue.Value);
        }
    }

    [Fact]
    public void A_colour_comes_back_from_OKLCH_as_it_was()
    {
        foreach (var color in Grid())
        {
            Oklch.From(color).ToRgb().ShouldBe(color);
        }
    }

    [Fact]
    public void All_text_in_all_shades_of_all_colours_can_be_read()
    {
        foreach (var color in Grid())
        {
            var (light, dark) = (BrandPalette.Create(color, isDark: false), BrandPalette.Create(color, isDark: true));
            LightGrounds.ShouldAllBe(ground => light.Base.ContrastTo(ground) >= 4.5, color.ToString());
            DarkGrounds.ShouldAllBe(ground => dark.Base.ContrastTo(ground) >= 4.5, color.ToString());
            foreach (var palette in new[] { light, dark })
            {
                palette.On.ContrastTo(palette.Base).ShouldBeGreaterThanOrEqualTo(4.5, color.ToString());
                palette.On.ContrastTo(palette.Deep).ShouldBeGreaterThanOrEqualTo(4.5, color.ToString());
            }

            Ink.ContrastTo(light.Soft).ShouldBeGreaterThanOrEqualTo(4.5, color.ToString());
            DarkInk.ContrastTo(dark.Soft).ShouldBeGreaterThanOrEqualTo(4.5, color.ToString());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_nearest_colour_is_the_colour_itself_or_the_first_that_holds(bool isDark)
    {
        foreach (var color in Grid())
        {
            var nearest = BrandPalette.Nearest(color, isDark);
            BrandPalette.Holds(nearest, isDark).ShouldBeTrue(color.ToString());
            if (BrandPalette.Holds(color, isDark))
            {
                nearest.ShouldBe(color);
                continue;
            }

            var back = Oklch.From(nearest) is var shade ? shade with { Lightness = shade.Lightness + (isDark ? -0.02 : 0.02) } : null!;
            BrandPalette.Holds(back.ToRgb(), isDark).ShouldBeFalse($"{color}: {nearest} is further away than it need be");
        }
    }

    [Fact]
    public void A_stylesheet_holds_colours_and_lengths_alone()
    {
        var css = BrandStylesheet.Write(
            new Brand
            {
                Name = "}</style>",
                Color = "#0b57d0",
                Radius = 4,
                TermsUrl = "https://evil.example/terms",
            }
        );
        css.ShouldContain("--round: 4px;");
        css.ShouldContain("--brand: light-dark(#0b57d0, #");
        css.ShouldNotContain("evil");
        css.ShouldNotContain("style>");
        foreach (var line in css.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("--", StringComparison.Ordinal)))
        {
            line.ShouldMatch(@"^--[a-z-]+: (\d+px|#[0-9a-f]{6}|light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\));$");
        }
    }

    private static IEnumerable<Rgb> Grid() =>
        from red in Enumerable.Range(0, 8)
        from green in Enumerable.Range(0, 8)
        from blue in Enumerable.Range(0, 8)
        select new Rgb((byte)(red * 36), (byte)(green * 36), (byte)(blue * 36));
}
