namespace Latchkey.BrowserTests;

/// <summary>What helps to write a template: colours, the preview of phones and dark mode, the comparison, versions, what is unsaved.</summary>
public sealed class TemplateEditorTests(BrowserFixture installation) : IAsyncLifetime
{
    private IPage page = null!;
    private CreatedApplication app = null!;

    private string Address => $"{app.Path}/templates/EN/signUp";

    private ILocator Html => page.GetByLabel("HTML", new() { Exact = true });

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("Colours");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Fact]
    public async Task the_text_is_coloured_exactly_where_it_stands()
    {
        await page.GotoAsync(Address);
        var back = page.Locator(".coloured pre");
        foreach (
            var text in new[]
            {
                "<p class=\"a > b\" hidden>it's 5 < 6 & \"so\" %CODE%</p>\n<!-- %HANDLE% -->\n<a href='%LINK%'>%NAME%</a>\n\n",
                "<p>%CODE%</p><!-- open",
                "<p title=\"open %CODE%",
                "<",
                "<script>window.hit = 1</script><img src=x onerror=\"window.hit = 1\">",
            }
        )
        {
            await Html.FillAsync(text);
            await Assertions.Expect(back).ToHaveJSPropertyAsync("textContent", $"{text} ");
        }

        (await page.EvaluateAsync<bool>("window.hit === undefined")).ShouldBeTrue();
        await Html.FillAsync("<p class=\"x %CODE%\">%CODE% %NAME%</p><!-- note -->");
        await Assertions.Expect(back.Locator(".is-macro")).ToHaveTextAsync(["%CODE%", "%CODE%"]);
        await Assertions.Expect(back.Locator(".is-unknown")).ToHaveTextAsync(["%NAME%"]);
        await Assertions.Expect(back.Locator(".is-tag")).ToHaveTextAsync(["<p", ">", "</p", ">"]);
        await Assertions.Expect(back.Locator(".is-string")).ToHaveTextAsync(["\"x ", "\""]);
        await Assertions.Expect(back.Locator(".is-comment")).ToHaveTextAsync(["<!-- note -->"]);

        // Both lie over each other, and scroll together.
        await Html.FillAsync(
            string.Concat(Enumerable.Repeat("<p>A line that is long enough to be broken by the field, twice and more.</p>\n", 60))
        );
        await Assertions.Expect(back.Locator(".is-tag")).ToHaveCountAsync(240);
        await Html.EvaluateAsync("field => field.scrollTop = 500");
        await Assertions.Expect(back).ToHaveJSPropertyAsync("scrollTop", 500);
        (await back.EvaluateAsync<int>("pre => pre.clientWidth")).ShouldBe(await Html.EvaluateAsync<int>("field => field.clientWidth"));
        var heights = await page.EvaluateAsync<int[]>(
            "() => { const pre = document.querySelector('.coloured pre'); const field = document.querySelector('#field-html');"
                + " return [pre.scrollHeight, field.scrollHeight]; }"
        );
        Math.Abs(heights[0] - heights[1]).ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_preview_is_shown_as_phones_and_dark_mode_have_it(bool scripts)
    {
        var writer = await installation.SignedIn(scripts);
        await writer.GotoAsync(Address);
        var frame = writer.Locator("iframe:not(.coming)");
        (await frame.EvaluateAsync<int>("frame => frame.clientWidth")).ShouldBeGreaterThan(600);
        await writer.GetByLabel("Phone", new() { Exact = true }).CheckAsync();
        (await frame.EvaluateAsync<int>("frame => frame.clientWidth")).ShouldBeLessThanOrEqualTo(390);
        var body = writer.FrameLocator("iframe:not(.coming)").Locator("body");
        await Assertions.Expect(body).ToHaveCSSAsync("background-color", "rgb(243, 241, 236)");
        await writer.GetByLabel("Dark", new() { Exact = true }).CheckAsync();
        await Ask(writer, scripts);
        await Assertions.Expect(body).ToHaveCSSAsync("background-color", "rgb(25, 24, 20)");
        await writer.GetByLabel("HTML", new() { Exact = true }).FillAsync("<p>%CODE% plain</p>");
        await Ask(writer, scripts);
        await Assertions.Expect(body).ToContainTextAsync("plain");
        if (scripts)
        {
            await Assertions.Expect(writer.Locator(".if-dark")).ToContainTextAsync("no colours for dark mode");
        }

        await writer.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task an_earlier_version_is_compared_and_used_again_in_two_clicks(bool scripts)
    {
        var writer = await installation.SignedIn(scripts);
        foreach (var word in new[] { "First", "Second" })
        {
            await writer.GotoAsync(Address);
            await writer.GetByLabel("HTML", new() { Exact = true }).FillAsync($"<p>{word} %CODE%</p>");
            await writer.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Assertions.Expect(writer.GetByText("Saved. The next message uses it.")).ToBeVisibleAsync();
        }

        await writer.GetByText("Compare with the built-in text").ClickAsync();
        await Assertions.Expect(writer.Locator("#difference ins").Last).ToContainTextAsync("Second");
        if (scripts)
        {
            await writer.CheckAccessibility("a template with versions");
        }

        var history = writer.GetByRole(AriaRole.Region, new() { Name = "Versions" });
        await Assertions.Expect(history.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await history.GetByRole(AriaRole.Link, new() { Name = "Version 1" }).ClickAsync();
        await Assertions.Expect(writer.Locator("del")).ToContainTextAsync("Second");
        await Assertions.Expect(writer.FrameLocator("iframe:not(.coming)").Locator("body")).ToContainTextAsync("First");
        if (scripts)
        {
            await writer.GetByLabel("Dark", new() { Exact = true }).CheckAsync();
            await Assertions.Expect(writer.FrameLocator("iframe:not(.coming)").Locator("body")).ToContainTextAsync("First");
            await writer.CheckAccessibility("a version of a template");
        }

        await writer.GetByRole(AriaRole.Button, new() { Name = "Use this version again" }).ClickAsync();
        await Assertions.Expect(writer.GetByLabel("HTML", new() { Exact = true })).ToHaveValueAsync("<p>First %CODE%</p>");
        await Assertions.Expect(history.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("as version 1");
        await writer.Context.CloseAsync();
    }

    [Fact]
    public async Task the_comparison_follows_typing()
    {
        await page.GotoAsync(Address);
        await Assertions.Expect(page.Locator("#difference summary")).ToHaveCountAsync(0);
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("%CODE% is yours");
        await page.Locator("#difference summary").ClickAsync();
        await Assertions.Expect(page.Locator("#difference ins")).ToContainTextAsync("%CODE% is yours");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("%CODE% is mine");
        await Assertions.Expect(page.Locator("#difference ins")).ToContainTextAsync("%CODE% is mine");
    }

    [Fact]
    public async Task leaving_with_an_unsaved_text_asks_first_and_saving_does_not()
    {
        await page.GotoAsync(Address);
        var asked = new List<string>();
        page.Dialog += (_, dialog) =>
        {
            asked.Add(dialog.Type);
            _ = dialog.DismissAsync();
        };
        await Assertions.Expect(page.Locator(".unsaved")).ToBeHiddenAsync();
        await Html.FillAsync("<p>Mine %CODE%</p>");
        await Assertions.Expect(page.Locator(".save-bar")).ToContainTextAsync("Unsaved changes");
        await page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = "Locales" }).ClickAsync();
        await Assertions.Expect(Html).ToHaveValueAsync("<p>Mine %CODE%</p>");
        asked.ShouldBe(["beforeunload"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Saved. The next message uses it.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".unsaved")).ToBeHiddenAsync();
        await page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = "Locales" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Locales", Level = 1 })).ToBeVisibleAsync();
        asked.Count.ShouldBe(1);
    }

    /// <summary>With scripts the preview follows by itself.</summary>
    private static async Task Ask(IPage writer, bool scripts)
    {
        if (!scripts)
        {
            await writer.GetByRole(AriaRole.Button, new() { Name = "Preview", Exact = true }).ClickAsync();
        }
    }
}
