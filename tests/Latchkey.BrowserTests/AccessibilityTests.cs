using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Latchkey.BrowserTests;

/// <summary>Two classes, so that the wide and the narrow pages are walked at the same time.</summary>
public sealed class WideAndLight(Installation installation)
{
    [Fact]
    public Task axe_finds_nothing_and_nothing_sticks_out() => AccessibilityTests.Walk(installation, ColorScheme.Light, 1440);
}

public sealed class NarrowAndDark(Installation installation)
{
    [Fact]
    public Task axe_finds_nothing_and_nothing_sticks_out() => AccessibilityTests.Walk(installation, ColorScheme.Dark, 360);
}

public sealed class AccessibilityTests(Installation installation)
{
    internal static async Task Walk(Installation installation, ColorScheme scheme, int width)
    {
        var page = await installation.SignedIn(scheme: scheme);
        await page.SetViewportSizeAsync(width, 800);
        var app = await page.CreateApplication("Accessible to the very last letter of a long name");
        await Check(page, "created");
        await page.AddField(app, "user_data.name");
        foreach (var path in Pages.Of(app))
        {
            await page.GotoAsync(path);
            await Check(page, path);
        }

        await page.SignUpUser(installation, app, $"axe-{scheme}-{width}@a-rather-long-domain-name.example.com", """{"user_data":{"name":"Axe"}}""");
        await page.GotoAsync($"{app.Path}/mailbox");
        await Check(page, "mailbox with mail");
        await page.Locator(".mails a").First.ClickAsync();
        await Check(page, "mail");
        await page.GotoAsync($"{app.Path}/users");
        await Check(page, "users");

        await page.GotoAsync($"{app.Path}/settings");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Check(page, "settings refused");

        await page.GotoAsync($"{app.Path}/templates/EN/signUp");
        await page.GetByLabel("HTML", new() { Exact = true }).FillAsync("<p>%NAME%</p>");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-html-error")).ToBeVisibleAsync();
        await page.GetByText("Show the built-in text").ClickAsync();
        await Check(page, "template refused");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task axe_finds_nothing_on_the_pages_that_everyone_sees(ColorScheme scheme)
    {
        var page = await installation.Anonymous(scheme: scheme);
        foreach (var path in Pages.Open)
        {
            await page.GotoAsync(path);
            await Check(page, path);
        }

        await page.Context.CloseAsync();
    }

    /// <summary>The mail's own HTML stands in a sandbox in which nothing runs, axe neither.</summary>
    internal static async Task Check(IPage page, string name)
    {
        var result = await page.RunAxe(new AxeRunOptions { Iframes = false });
        result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}")).ShouldBeEmpty(name);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, name);
    }
}
