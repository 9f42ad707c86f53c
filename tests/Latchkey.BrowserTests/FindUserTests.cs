namespace Latchkey.BrowserTests;

/// <summary>Finding a user by what is known of them.</summary>
public sealed class FindUserTests(BrowserFixture installation) : IAsyncLifetime
{
    private IPage page = null!;
    private CreatedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("Search");
        await installation.Server.Command("", "app", "set", app.Id, "maxLoginAttempts=3"); // the server follows while others sign up
        await page.AddField(app, "user_data.club");
        await page.SignUpUser(installation, app, "grace@example.com", """{"user_data":{"club":"FC Kiel"}}""");
        await page.SignUpUser(installation, app, "linus@example.com", """{"user_data":{"club":"Berlin"}}""");
        await page.SignUpUser(installation, app, "ada@example.com", """{"user_data":{"club":"FC Kiel"}}""");
        await installation.Server.Command("", "user", "suspend", app.Id, "ada@example.com");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task a_user_is_found_by_metadata_and_status_without_a_click(bool scripts, int pages)
    {
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync($"{app.Path}/users");
        var loads = 0;
        visitor.Load += (_, _) => loads++;
        await Search(visitor, "meta.club:\"fc kiel\" -status:suspended created:>2026-01", scripts);
        await Assertions.Expect(visitor.Locator("#users tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(visitor.Locator("#users tbody")).ToContainTextAsync("grace@example.com");
        loads.ShouldBe(pages);

        // The address is the search: somebody else sees the same
        var address = visitor.Url;
        address.ShouldContain("?q=meta.club");
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("#users tbody tr")).ToHaveCountAsync(1);
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task a_mistake_says_what_is_possible_and_an_example_of_the_help_searches()
    {
        await page.GotoAsync($"{app.Path}/users?q=status:lockd");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Possible are active, locked");
        await page.GetByText("What can I search for?").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "meta.user_data.club:*iel*" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("meta.user_data.club:*iel*");
        await Assertions.Expect(page.Locator("#users tbody tr")).ToHaveCountAsync(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_search_is_kept_used_with_one_click_renamed_and_deleted(bool scripts)
    {
        var (visitor, name) = (await installation.SignedIn(scripts), $"Kiel {scripts}");
        await visitor.GotoAsync($"{app.Path}/users?q=meta.club:*kiel");
        await visitor.GetByText("Save this search").ClickAsync();
        await visitor.GetByLabel("Name of the search").FillAsync(name);
        await visitor.Locator(".save-search button").ClickAsync();
        await Assertions.Expect(visitor.Locator(".chips [aria-current]")).ToHaveTextAsync(name);

        await visitor.GotoAsync($"{app.Path}/users");
        await visitor.Locator(".chips").GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#users tbody tr")).ToHaveCountAsync(2);
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Edit searches" }).ClickAsync();
        await visitor.GetByLabel($"Name of {name}").FillAsync($"{name} renamed");
        await visitor.GetByRole(AriaRole.Button, new() { Name = $"Rename {name}", Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.GetByLabel($"Name of {name} renamed")).ToBeVisibleAsync();
        await visitor.GetByRole(AriaRole.Button, new() { Name = $"Delete {name} renamed", Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.GetByRole(AriaRole.Status)).ToContainTextAsync("deleted");
        await Assertions.Expect(visitor.GetByLabel($"Name of {name} renamed")).ToHaveCountAsync(0);
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task who_is_locked_out_is_one_click_away()
    {
        for (var i = 0; i < 3; i++)
        {
            await installation.Api(app.AppToken, "login", new { handle = "linus@example.com", password = $"wrong-password-{i}" });
        }

        await page.GotoAsync($"{app.Path}/users");
        await page.Locator(".chips").GetByRole(AriaRole.Link, new() { Name = "Locked", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#users tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#users tbody")).ToContainTextAsync("linus@example.com");
    }

    /// <summary>The script searches while one types; without it, Enter does.</summary>
    private static async Task Search(IPage visitor, string text, bool scripts)
    {
        await visitor.GetByRole(AriaRole.Searchbox).FillAsync(text);
        if (!scripts)
        {
            await visitor.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        }
    }
}
