using System.Text.RegularExpressions;

namespace Latchkey.BrowserTests;

/// <summary>From anywhere to anywhere: the palette, the keys, the application switcher, and the same without JavaScript.</summary>
public sealed class NavigationTests(BrowserFixture installation) : IAsyncLifetime
{
    private const string Ann = "ann@navigation.example";
    private IPage page = null!;
    private CreatedApplication paddle = null!;
    private int loads;

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        paddle = await page.CreateApplication("Paddle Navigation");
        await installation.Server.Command("a-password-of-mine-1", "user", "add", paddle.Id, Ann, "--password-stdin");
        page.Load += (_, _) => loads++;
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Fact]
    public async Task one_key_finds_a_page_a_user_and_an_application_and_each_is_one_load_away()
    {
        var other = await page.CreateApplication("Rowing Navigation");
        await page.GotoAsync($"{paddle.Path}/keys");
        loads = 0;
        await Find("mailb");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Heading).ToHaveTextAsync("Mailbox");
        loads.ShouldBe(1);

        await Find("ann@nav");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Heading).ToHaveTextAsync(Ann);
        loads.ShouldBe(2);

        await Find("rowing nav");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".switcher summary")).ToHaveTextAsync("Rowing Navigation");
        loads.ShouldBe(3);
        page.Url.ShouldEndWith(other.Path);

        await Find("add user");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Heading).ToHaveTextAsync("Add a user");
        loads.ShouldBe(4);
    }

    [Fact]
    public async Task the_palette_is_a_combobox_whose_choice_the_arrows_move()
    {
        await page.GotoAsync($"{paddle.Path}/keys");
        await Find("sign");
        var combobox = page.GetByRole(AriaRole.Combobox, new() { Name = "Search pages, actions, users and applications" });
        await Assertions.Expect(combobox).ToBeFocusedAsync();
        var first = page.GetByRole(AriaRole.Option).First;
        await Assertions.Expect(first).ToHaveAttributeAsync("aria-selected", "true");
        await Assertions.Expect(combobox).ToHaveAttributeAsync("aria-activedescendant", (await first.GetAttributeAsync("id"))!);
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(first).ToHaveAttributeAsync("aria-selected", "false");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowUp"); // around
        await Assertions.Expect(page.GetByRole(AriaRole.Option).Last).ToHaveAttributeAsync("aria-selected", "true");
        await page.CheckAccessibility("palette");

        await page.Keyboard.TypeAsync(" no such thing");
        await Assertions.Expect(page.GetByText("Nothing found.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(combobox).ToBeHiddenAsync();
    }

    [Fact]
    public async Task slash_goes_to_the_search_of_the_page_and_a_question_mark_shows_the_keys()
    {
        await page.GotoAsync($"{paddle.Path}/users");
        await page.Keyboard.PressAsync("/");
        var field = page.Locator("main input[type=search]");
        await Assertions.Expect(field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("a/b?");
        await Assertions.Expect(field).ToHaveValueAsync("a/b?");

        await page.GotoAsync(paddle.Path);
        await page.Keyboard.PressAsync("?");
        var keys = page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" });
        await Assertions.Expect(keys).ToBeVisibleAsync();
        await page.CheckAccessibility("keys");
        await page.GetByLabel("Single keys").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(keys).ToBeHiddenAsync();

        await page.ReloadAsync();
        await page.Keyboard.PressAsync("?");
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keyboard shortcuts" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Single keys")).Not.ToBeCheckedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_switcher_leads_to_another_application_in_two_clicks(bool scripts)
    {
        var other = await page.CreateApplication($"Switched Navigation {scripts}");
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync(other.Path);
        await visitor.GotoAsync($"{paddle.Path}/logs");
        var summary = visitor.Locator(".switcher summary");
        await Assertions.Expect(summary).ToHaveTextAsync("Paddle Navigation");
        await summary.ClickAsync();
        await Assertions.Expect(visitor.Locator(".switcher li a").First).ToHaveTextAsync("Paddle Navigation");
        await Assertions.Expect(visitor.Locator(".switcher li a").Nth(1)).ToHaveTextAsync($"Switched Navigation {scripts}"); // the one before
        await visitor.Locator(".switcher li a").Nth(1).ClickAsync();
        await Assertions.Expect(summary).ToHaveTextAsync($"Switched Navigation {scripts}");

        await summary.ClickAsync();
        await visitor.GetByPlaceholder("Search applications").FillAsync("paddle nav");
        await visitor.Keyboard.PressAsync("Enter");
        await visitor.Locator("tbody").GetByRole(AriaRole.Link, new() { Name = "Paddle Navigation" }).First.ClickAsync();
        await Assertions.Expect(summary).ToHaveTextAsync("Paddle Navigation");
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task without_scripts_a_page_finds_the_same()
    {
        var visitor = await installation.SignedIn(scripts: false);
        await visitor.GotoAsync($"{paddle.Path}/keys");
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Search", Exact = true }).ClickAsync();
        await visitor.GetByLabel("Search pages, actions, users and applications").FillAsync("ann@nav");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await visitor.Locator(".found").GetByRole(AriaRole.Link, new() { Name = Ann }).ClickAsync();
        await Assertions.Expect(visitor.Locator("h1")).ToHaveTextAsync(Ann);
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task after_a_form_the_page_stands_where_it_stood_and_says_there_what_was_done()
    {
        await page.SignUpUser(installation, paddle, "stay@navigation.example");
        await page.GotoAsync($"{paddle.Path}/users?search=stay");
        await page.Locator("tbody").GetByRole(AriaRole.Link, new() { Name = "stay@navigation.example", Exact = true }).ClickAsync();
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Sign out of all" });
        await button.ScrollIntoViewIfNeededAsync();
        var before = await page.EvaluateAsync<int>("scrollY");
        before.ShouldBeGreaterThan(0);
        await button.ClickAsync();
        var note = page.GetByText("All sessions have ended.").First;
        await Assertions.Expect(note).ToBeInViewportAsync();
        await Assertions.Expect(page.Locator("section:has(.notice) h2")).ToHaveTextAsync("Sessions");
        (await page.EvaluateAsync<int>("scrollY")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task on_a_phone_filters_fold_and_say_how_many_are_in_use()
    {
        await page.SetViewportSizeAsync(390, 800);
        await page.GotoAsync($"{paddle.Path}/logs");
        var (filters, action) = (page.GetByRole(AriaRole.Button, new() { Name = "Filters" }), page.GetByLabel("Action"));
        await Assertions.Expect(action).ToBeHiddenAsync();
        await filters.ClickAsync();
        await Assertions.Expect(filters).ToHaveAttributeAsync("aria-expanded", "true");
        await action.SelectOptionAsync("createApplication");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("action=createApplication", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await page.ReloadAsync();
        await Assertions.Expect(filters).ToHaveTextAsync("Filters (1)");
        await Assertions.Expect(action).ToBeHiddenAsync();
        await page.SetViewportSizeAsync(1280, 800);
        await Assertions.Expect(action).ToBeVisibleAsync();
        await Assertions.Expect(filters).ToBeHiddenAsync();
    }

    private ILocator Heading => page.Locator("h1");

    /// <summary>Opens the palette, types, and waits until it shows what was found for all of it.</summary>
    private async Task Find(string text)
    {
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.Locator("#palette-input")).ToBeFocusedAsync();
        await page.RunAndWaitForResponseAsync(
            () => page.Keyboard.TypeAsync(text),
            response => response.Url.EndsWith($"?q={Uri.EscapeDataString(text)}", StringComparison.Ordinal)
        );
        await Assertions.Expect(page.Locator(".palette [role=status]")).ToContainTextAsync("results");
    }
}
