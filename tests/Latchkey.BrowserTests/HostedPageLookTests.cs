using System.Text.RegularExpressions;
using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests;

/// <summary>All pages that users of an application see: for everybody, in every language, on every screen, and light to load.</summary>
public sealed partial class HostedPageLookTests(BrowserFixture browser)
{
    private const int MaxBytes = 50_000;

    /// <summary>On a page: what is smaller than a fingertip, words in running text and hidden things aside (WCAG 2.2, 2.5.5).</summary>
    private const string SmallTargets = """
        () => [...document.querySelectorAll("button, input:not([type=hidden], [type=checkbox], [type=radio]), .links a, .foot a, .side a, summary")]
          .filter(target => target.checkVisibility() && target.getBoundingClientRect().height < 43.5)
          .map(target => target.outerHTML.slice(0, 120))
        """;

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "en")]
    [InlineData(ColorScheme.Dark, 360, "ar")]
    public async Task axe_finds_nothing_on_any_page_and_all_targets_are_large(ColorScheme scheme, int width, string language)
    {
        var walk = await HostedPageWalk.Create(browser.Server, "--color", "#8a1c5b", "--help-url", "https://example.com/help");
        var page = await browser.Anonymous(scheme: scheme);
        await page.SetViewportSizeAsync(width, 800);
        var seen = 0;
        await walk.Visit(
            page,
            language,
            async name =>
            {
                seen++;
                await page.CheckAccessibility(name);
                (await page.EvaluateAsync<string[]>(SmallTargets)).ShouldBeEmpty(name);
            }
        );
        seen.ShouldBeGreaterThan(25);
        await page.Context.CloseAsync();
    }

    /// <summary>The longest words, from right to left, and signs without blanks; all languages in the long run.</summary>
    public static TheoryData<string> Languages =>
        TestScale.IsLong ? ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "zh", "zh-hant"] : ["ar", "de", "ja"];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task nothing_sticks_out_on_the_narrowest_screen_in_any_language(string language)
    {
        var walk = await HostedPageWalk.Create(browser.Server, "--name", "Harbour Walks of the Northern Coast and Islands");
        var page = await browser.Anonymous();
        await page.SetViewportSizeAsync(360, 640);
        await walk.Visit(
            page,
            language,
            async name =>
            {
                (
                    await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                ).ShouldBeLessThanOrEqualTo(0, $"{language}: {name}");
                (await page.EvaluateAsync<string>("document.documentElement.lang")).ShouldBe(language, name);
            }
        );
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_user_signs_in_with_the_keyboard_alone()
    {
        var walk = await HostedPageWalk.Create(browser.Server);
        var page = await browser.Anonymous(scripts: false);
        await page.GotoAsync($"/apps/{walk.App}/login");
        await Reach(page, "[name=handle]");
        await page.Keyboard.TypeAsync(HostedPageWalk.Ann);
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("document.activeElement.name")).ShouldBe("password");
        await page.Keyboard.TypeAsync(HostedPageWalk.Password);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("You are signed in");
        await Reach(page, "summary");
        (await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle")).ShouldBe("solid", "focus is seen");
        await page.Keyboard.PressAsync("Enter");
        await Reach(page, "button[lang=de]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sie sind angemeldet");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_first_page_with_everything_that_it_loads_is_below_50_KB()
    {
        var logo = Path.Combine(browser.Server.DataFolder, "logo.png");
        await File.WriteAllBytesAsync(logo, Convert.FromBase64String(Logo));
        var walk = await HostedPageWalk.Create(browser.Server, "--logo", logo, "--terms-url", "https://example.com/terms");
        var page = await browser.Anonymous();
        var bytes = 0;
        var loaded = new List<string>();
        page.Response += (_, response) => loaded.Add(new Uri(response.Url).AbsolutePath);
        page.RequestFinished += async (_, request) =>
        {
            var sizes = await request.SizesAsync();
            Interlocked.Add(ref bytes, sizes.ResponseBodySize + sizes.ResponseHeadersSize);
        };
        await page.GotoAsync($"/apps/{walk.App}/login", new() { WaitUntil = WaitUntilState.NetworkIdle });
        loaded.ShouldContain(path => path.EndsWith("/logo.png", StringComparison.Ordinal));
        loaded.ShouldContain(path => Stylesheet().IsMatch(path));
        bytes.ShouldBeInRange(5_000, MaxBytes);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_brand_is_light_or_dark_as_it_says_and_as_the_device_says_without()
    {
        foreach (
            var (scheme, expected) in new[] { ("light", "rgb(255, 255, 255)"), ("dark", "rgb(23, 23, 27)"), ("auto", "rgb(23, 23, 27)") }
        )
        {
            var color = scheme == "dark" ? "#8ab4f8" : "#0b57d0";
            var walk = await HostedPageWalk.Create(browser.Server, "--scheme", scheme, "--color", color);
            var page = await browser.Anonymous(scheme: ColorScheme.Dark);
            await page.GotoAsync($"/apps/{walk.App}/login");
            (await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('main')).backgroundColor")).ShouldBe(
                expected,
                scheme
            );
            await page.Context.CloseAsync();
        }
    }

    private static async Task Reach(IPage page, string selector)
    {
        for (var step = 0; step < 30; step++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        throw new InvalidOperationException($"the keyboard does not reach {selector}");
    }

    /// <summary>A red dot.</summary>
    private const string Logo =
        "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==";

    [GeneratedRegex(@"/brand/\d+\.css$", RegexOptions.None, 1000)]
    private static partial Regex Stylesheet();
}
