using System.Net;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Branding;
using Latchkey.Tests.Provider;
using SkiaSharp;

namespace Latchkey.Tests.Applications.Branding;

/// <summary>What a published brand does to the pages and messages of its application, and to no other's.</summary>
public sealed class BrandingTests(ServerFixture servers) : IDisposable
{
    private readonly HttpClient http = new();
    private readonly string logo = Path.GetTempFileName();

    [Fact]
    public async Task Nobody_sees_a_draft_and_everybody_what_is_published()
    {
        var provider = await ProviderApp.Create(servers);
        await Set(
            provider,
            "--name",
            "Harbour <b>Walks</b>",
            "--color",
            "#0b57d0",
            "--radius",
            "3",
            "--terms-url",
            "https://example.com/terms?a=1&b=2"
        );
        var before = await Login(provider);
        before.Html.ShouldNotContain("Harbour");
        before.Html.ShouldNotContain("/brand/");
        await Publish(provider);
        var page = await Login(provider);
        page.Heading.ShouldBe("Sign in to Harbour <b>Walks</b>");
        page.Document.QuerySelector(".app .name")!.TextContent.ShouldBe("Harbour <b>Walks</b>");
        page.Document.QuerySelectorAll(".app b").ShouldBeEmpty();
        page.Document.QuerySelector(".foot a")!.GetAttribute("href").ShouldBe("https://example.com/terms?a=1&b=2");
        var css = await http.GetAsync(
            new Uri(new Uri(provider.Issuer), page.Document.QuerySelectorAll("link[rel=stylesheet]")[1].GetAttribute("href")!)
        );
        css.Content.Headers.ContentType!.ToString().ShouldBe("text/css; charset=utf-8");
        css.Headers.CacheControl!.ToString().ShouldContain("immutable");
        var text = await css.Content.ReadAsStringAsync();
        text.ShouldContain("--brand: light-dark(#0b57d0,");
        text.ShouldContain("--round: 3px");
        text.ShouldNotContain("Harbour");
    }

    [Fact]
    [Covers(875)]
    public async Task A_version_can_be_published_again_and_each_keeps_its_files()
    {
        var provider = await ProviderApp.Create(servers);
        foreach (var color in new[] { "#0b57d0", "#8a1c5b" })
        {
            await Set(provider, "--color", color);
            await Publish(provider);
        }

        (await Run(provider, "publish")).ShouldFail("There is no draft");
        (await Run(provider, "rollback", "7")).ShouldFail("no such version");
        (await Run(provider, "rollback", "0")).ShouldFail("no such version");
        (await Run(provider, "rollback", "1")).ShouldSucceed();
        await Follow(provider, 3);
        (await http.GetStringAsync($"{provider.Issuer}/brand/1.css")).ShouldContain("#0b57d0");
        (await http.GetStringAsync($"{provider.Issuer}/brand/2.css")).ShouldContain("#8a1c5b");
        (await http.GetStringAsync($"{provider.Issuer}/brand/3.css")).ShouldContain("#0b57d0");
        var shown = JsonDocument.Parse((await Run(provider, "show", "--json")).ShouldSucceed().Output).RootElement;
        shown.GetProperty("changed").GetBoolean().ShouldBeFalse();
        shown.GetProperty("versions").EnumerateArray().Select(one => one.GetProperty("version").GetInt32()).ShouldBe([3, 2, 1]);
        shown.GetProperty("versions")[0].GetProperty("publishedBy").GetString().ShouldNotBeNull().ShouldStartWith("command line");
        (
            await provider.Installation.Query<int>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action IN ('changeBranding', 'publishBranding', 'rollBackBranding')",
                new { provider.Id }
            )
        ).ShouldBe(5);
    }

    [Fact]
    public async Task What_is_refused_changes_nothing()
    {
        var provider = await ProviderApp.Create(servers);
        await Set(provider, "--color", "#0b57d0");
        var before = (await Run(provider, "show", "--json")).ShouldSucceed().Output;
        (await Run(provider, "set", "--color", "#ffd400", "--name", "Other")).ShouldFail("The nearest colour that holds is #");
        (await Run(provider, "set", "--terms-url", "javascript:alert(1)")).ShouldFail("https://");
        (await Run(provider, "set", "--radius", "25")).ShouldFail("0 to 24");
        await File.WriteAllTextAsync(logo, "<svg onload='alert(1)'/>");
        (await Run(provider, "set", "--logo", logo, "--name", "Other")).ShouldFail("SVG files can hold scripts");
        (await Run(provider, "show", "--json")).ShouldSucceed().Output.ShouldBe(before);
    }

    [Fact]
    public async Task A_logo_is_a_picture_of_this_server_that_nothing_can_be_done_with()
    {
        var provider = await ProviderApp.Create(servers);
        await File.WriteAllBytesAsync(logo, LogoEncoderTests.Picture(SKEncodedImageFormat.Jpeg, 600, 300));
        await Set(provider, "--logo", logo);
        await Publish(provider);
        var image = (await Login(provider)).Document.QuerySelector("img.logo")!;
        (image.GetAttribute("width"), image.GetAttribute("height")).ShouldBe(("88", "44"));
        using var answer = await http.GetAsync(new Uri(new Uri(provider.Issuer), image.GetAttribute("src")!));
        answer.Content.Headers.ContentType!.ToString().ShouldBe("image/png");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await answer.Content.ReadAsByteArrayAsync())[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
        await Set(provider, "--no-logo");
        await Publish(provider);
        (await Login(provider)).Document.QuerySelector(".app img").ShouldBeNull();
        (await http.GetAsync($"{provider.Issuer}/brand/2/logo.png")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync($"{provider.Issuer}/brand/1/logo.png")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("brand/0.css")]
    [InlineData("brand/0/logo.png")]
    [InlineData("brand/2.css")]
    [InlineData("brand/01.css")]
    [InlineData("brand/1")]
    [InlineData("brand/+1.css")]
    [InlineData("brand/1.css.css")]
    [InlineData("brand/-1/logo.png")]
    [InlineData("brand/99999999999999999999.css")]
    public async Task What_was_not_published_is_not_there(string path)
    {
        var provider = await ProviderApp.Create(servers);
        await File.WriteAllBytesAsync(logo, LogoEncoderTests.Picture(SKEncodedImageFormat.Png, 60, 30));
        await Set(provider, "--color", "#0b57d0", "--logo", logo);
        await Publish(provider);
        await Set(provider, "--color", "#8a1c5b");
        (await http.GetAsync($"{provider.Issuer}/{path}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Mails_have_the_name_of_the_pages_and_developers_read_their_own()
    {
        var provider = await ProviderApp.Create(servers, "emailCodeLogin=1");
        await provider.App.CreateUser("ann@example.com");
        await Set(provider, "--name", "Harbour Walks");
        await Publish(provider);
        using var browser = new Browser(provider);
        await browser.Submit(await browser.Open("login"), "code", ("handle", "ann@example.com"));
        var mail = (await provider.App.Mails("ann@example.com"))[0];
        mail.Subject.ShouldContain("Harbour Walks");
        mail.Html.ShouldContain("Harbour Walks");
        mail.Html.ShouldNotContain("Demo");
        (await provider.App.Get("getApplication")).Json.GetProperty("name").GetString().ShouldBe("Demo");
    }

    [Fact]
    public async Task A_brand_is_its_applications_alone_and_goes_with_it()
    {
        var (mine, other) = (await ProviderApp.Create(servers), await ProviderApp.Create(servers));
        foreach (var provider in new[] { mine, other })
        {
            await Set(provider, "--color", "#0b57d0");
            await Publish(provider);
            await Set(provider, "--color", "#8a1c5b");
        }

        await Publish(mine);
        (await http.GetAsync($"{other.Issuer}/brand/2.css")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mine.Installation.Run("app", "reset", mine.Id, "--confirm", "Demo")).ShouldSucceed();
        (await Count(mine)).ShouldBe(2, "how pages look is a setting");
        await mine.App.Delete();
        (await Count(mine)).ShouldBe(0);
        (await Count(other)).ShouldBe(2);
    }

    [Fact]
    public async Task Fifty_versions_are_kept()
    {
        var provider = await ProviderApp.Create(servers);
        var rules = await provider.Installation.Get<BrandRules>();
        for (var version = 1; version <= BrandRules.MaxVersions + 2; version++)
        {
            (await rules.Save(provider.Id, brand => brand with { Radius = version % 20 }, null, Actor.CommandLine)).Error.ShouldBeNull();
            (await rules.Publish(provider.Id, Actor.CommandLine)).Value!.Version.ShouldBe(version);
        }

        var kept = (await rules.Show(provider.Id)).Published.Select(one => one.Version).ToList();
        (kept.Count, kept[0], kept[^1]).ShouldBe((50, 52, 3));
    }

    public void Dispose()
    {
        http.Dispose();
        File.Delete(logo);
    }

    private static async Task<Visit> Login(ProviderApp provider)
    {
        using var browser = new Browser(provider);
        return (await browser.Open("login")).ShouldBePage("login");
    }

    private static Task<CommandResult> Run(ProviderApp provider, string command, params string[] arguments) =>
        provider.Installation.Run(["app", "branding", command, provider.Id, .. arguments]);

    private static async Task Set(ProviderApp provider, params string[] options) => (await Run(provider, "set", options)).ShouldSucceed();

    /// <summary>The running server follows within a second.</summary>
    private async Task Publish(ProviderApp provider)
    {
        (await Run(provider, "publish")).ShouldSucceed();
        await Follow(
            provider,
            await provider.Installation.Query<int>("SELECT MAX(version) FROM brandings WHERE app_id = @Id", new { provider.Id })
        );
    }

    private static Task Follow(ProviderApp provider, int version) =>
        WaitUntil.IsTrue(
            "the server knows the version",
            async () => (await Login(provider)).Html.Contains($"/brand/{version}.css", StringComparison.Ordinal)
        );

    private static Task<int> Count(ProviderApp provider) =>
        provider.Installation.Query<int>("SELECT COUNT(*) FROM brandings WHERE app_id = @Id", new { provider.Id });
}
