namespace Latchkey.BrowserTests;

/// <summary>The work with users in their list, with the clicks and the page loads that each job takes.</summary>
public sealed class UserListTests(BrowserFixture installation) : IAsyncLifetime
{
    private const string Password = "a-password-of-mine-1";
    private CreatedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        var page = await installation.SignedIn();
        app = await page.CreateApplication("Paddle Club");
        await page.Context.CloseAsync();
        await installation.Server.Command("", "app", "set", app.Id, "signupFlow=none", "maxLoginAttempts=2", "anonymousUsersPerHour=1000");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task one_user_is_suspended_by_a_search_and_a_click_and_comes_back_by_another(bool scripts)
    {
        await AddUsers(3);
        var (page, steps) = await Open(scripts, "/users");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("user1");
        if (!scripts)
        {
            await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        }

        await Assertions.Expect(page.Locator("#users tbody tr")).ToHaveCountAsync(1);
        await steps.Click(Button(page, "Suspend user1@example.com"));
        await Assertions.Expect(page.Locator("tr.rownote")).ToContainTextAsync("user1@example.com is suspended");
        await Assertions.Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("user1");
        (steps.Clicks, steps.Loads).ShouldBe((1, scripts ? 1 : 2));
        (await Login("user1@example.com")).ShouldContain("\"code\":404");

        await steps.Click(Button(page, "Undo: activate user1@example.com"));
        await Assertions.Expect(page.Locator("tr.rownote")).ToContainTextAsync("user1@example.com is activated");
        (await Login("user1@example.com")).ShouldContain("access-token");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ten_are_suspended_signed_out_and_deleted_by_three_clicks_each(bool scripts)
    {
        await AddUsers(10);
        foreach (var (verb, past) in new[] { ("Suspend", "suspended"), ("Sign out", "signed out"), ("Delete", "deleted") })
        {
            var (page, steps) = await Open(scripts, "/users?q=user&sort=handle");
            await SelectAll(page, steps, scripts);
            await steps.Click(page.Locator("#bulk").GetByRole(AriaRole.Button, new() { Name = verb, Exact = true }));
            await steps.Click(Button(page, $"{verb} 10 users"));
            await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync($"10 users were {past}.");
            (steps.Clicks, steps.Loads).ShouldBe((3, scripts ? 2 : 3), verb);
            await page.Context.CloseAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ten_are_exported_by_two_clicks(bool scripts)
    {
        await AddUsers(10);
        var (page, steps) = await Open(scripts, "/users");
        await SelectAll(page, steps, scripts);
        var download = await page.RunAndWaitForDownloadAsync(() => steps.Click(Button(page, "Export CSV")));
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        lines.Count(line => line.Contains("@example.com", StringComparison.Ordinal)).ShouldBe(10);
        (steps.Clicks, steps.Loads).ShouldBe((2, scripts ? 0 : 1));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task who_is_locked_out_is_found_by_the_filter_and_unlocked_in_the_row(bool scripts)
    {
        await AddUsers(2);
        for (var i = 0; i < 3; i++)
        {
            await installation.Api(app.AppToken, "login", new { handle = "user1@example.com", password = "wrong" });
        }

        var (page, steps) = await Open(scripts, "/users?q=status:locked");
        await Assertions.Expect(page.Locator("#users tbody tr")).ToHaveCountAsync(1);
        await steps.Click(Button(page, "Unlock user1@example.com"));
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("is unlocked");
        (steps.Clicks, steps.Loads).ShouldBe((1, 1));
        (await Login("user1@example.com")).ShouldContain("access-token");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task all_who_match_are_suspended_in_the_background_with_a_page_that_shows_how_far_it_is()
    {
        await AddUsers(52);
        var (page, steps) = await Open(scripts: true, "/users");
        await Assertions.Expect(page.Locator(".pager .range")).ToHaveTextAsync("1–50 of 52");
        await Assertions.Expect(page.Locator(".subtabs [aria-current] .count")).ToHaveTextAsync("52");
        await page.Locator("#users tbody [type=checkbox]").First.CheckAsync();
        await steps.Click(page.GetByLabel("Select all 52 users"));
        await steps.Click(page.Locator("#bulk").GetByRole(AriaRole.Button, new() { Name = "Suspend", Exact = true }));
        await steps.Click(Button(page, "Suspend 52 users"));
        await Assertions.Expect(page.Locator("#job .notice")).ToContainTextAsync("52 users were suspended.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the users" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Next", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".pager .range")).ToHaveTextAsync("51–52 of 52");
        await Assertions.Expect(page.Locator("#users tbody .badge").First).ToHaveTextAsync("suspended");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task rows_are_dense_or_wide_as_chosen_and_long_addresses_stay_on_one_line()
    {
        await AddUsers(1);
        const string longest =
            "an-extraordinarily-long-local-part-that-goes-on-and-on-x@a-rather-long-subdomain.of-some-company.example.com";
        await installation.Api(app.AppToken, "signup", new { handle = longest, password = Password });
        var (page, _) = await Open(scripts: false, "/users");
        await page.SetViewportSizeAsync(1280, 800);
        (await RowHeights(page)).ShouldAllBe(height => height <= 37);
        (await page.GetByRole(AriaRole.Link, new() { Name = longest, Exact = true }).GetAttributeAsync("title")).ShouldBe(longest);
        await page.GetByRole(AriaRole.Link, new() { Name = "Wide rows" }).ClickAsync();
        (await RowHeights(page)).ShouldAllBe(height => height >= 50);
        await page.GotoAsync($"{app.Path}/users");
        (await RowHeights(page)).ShouldAllBe(height => height >= 50);
        await page.GetByRole(AriaRole.Link, new() { Name = "Dense rows" }).ClickAsync();
        (await RowHeights(page)).ShouldAllBe(height => height <= 37);
        (await page.Locator(".listhead").BoundingBoxAsync())!.Height.ShouldBeLessThan(50); // one line at 1280
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task lists_and_questions_read_well(ColorScheme scheme, int width)
    {
        await AddUsers(2);
        await installation.Api(app.AppToken, "login", new { handle = "user1@example.com", password = "wrong" });
        var page = await installation.SignedIn(scheme: scheme);
        await page.SetViewportSizeAsync(width, 800);
        await page.GotoAsync($"{app.Path}/users");
        await page.Locator("#users tbody [type=checkbox]").First.CheckAsync();
        await page.CheckAccessibility("selected users");
        await page.Locator("#bulk").GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.CheckAccessibility("question");
        await page.GotoAsync($"{app.Path}/users/bulk");
        await page.CheckAccessibility("nothing selected");
        await page.GotoAsync($"{app.Path}/users");
        await Button(page, "Suspend user0@example.com").ClickAsync();
        await page.CheckAccessibility("suspended");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(1440)]
    public async Task with_every_column_the_controls_cover_nothing(int width)
    {
        await AddUsers(2);
        await Shell.Run(
            $"""
            python3 -c 'import sqlite3
            db = sqlite3.connect("{installation.Server.DataFolder}/latchkey.db", timeout=10)
            db.execute("UPDATE users SET user_name = ? || substr(id, -3), login_provider = ?, failed_logins = 5, handle = ? || handle, "
              "last_login_at = created_at WHERE app_id = ?", ("harbour_walker_", "google", "a-rather-long-name-of-", "{app.Id}"))
            db.commit()'
            """
        );
        foreach (var scripts in new[] { true, false })
        {
            var page = await installation.SignedIn(scripts);
            await page.SetViewportSizeAsync(width, 800);
            await page.GotoAsync($"{app.Path}/users");
            await Assertions.Expect(page.Locator("#users [data-label='User name']")).ToHaveCountAsync(2);
            var last = (await page.Locator("#users [data-label='Last login'] time").First.BoundingBoxAsync())!;
            var controls = (await page.Locator("#users td.tools").Nth(1).BoundingBoxAsync())!;
            (last.X + last.Width).ShouldBeLessThanOrEqualTo(controls.X);
            (await page.Locator("#users tbody tr").First.BoundingBoxAsync())!.Height.ShouldBeLessThan(38);
            await page.Context.CloseAsync();
        }
    }

    private async Task AddUsers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            (await installation.Api(app.AppToken, "signup", new { handle = $"user{i}@example.com", password = Password })).ShouldContain(
                "access-token"
            );
        }
    }

    private async Task<(IPage Page, StepCounter Steps)> Open(bool scripts, string path)
    {
        var page = await installation.SignedIn(scripts);
        await page.GotoAsync($"{app.Path}{path}");
        return (page, new StepCounter(page));
    }

    private static Task SelectAll(IPage page, StepCounter steps, bool scripts) =>
        steps.Click(
            scripts ? page.GetByLabel("Select all on this page") : page.GetByRole(AriaRole.Link, new() { Name = "Select all on this page" })
        );

    private static Task<double[]> RowHeights(IPage page) =>
        page.EvaluateAsync<double[]>("() => [...document.querySelectorAll('.users tbody tr')].map(row => row.offsetHeight)");

    private Task<string> Login(string handle) => installation.Api(app.AppToken, "login", new { handle, password = Password });

    private static ILocator Button(IPage on, string name) => on.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
