namespace Latchkey.BrowserTests;

/// <summary>Resetting and deleting an application: the questions before, the progress, the end.</summary>
public sealed class DeleteApplicationTests(BrowserFixture installation) : IAsyncLifetime
{
    private IPage page = null!;
    private CreatedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("Erased  <app>");
        await page.SignUpUser(installation, app, "ann@example.com");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_reset_asks_for_the_name_says_how_many_users_go_and_shows_when_it_is_through(bool scripts)
    {
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync($"{app.Path}/settings/general");
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Reset…" }).ClickAsync();
        await Assertions.Expect(visitor.GetByText("1 user", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.GetByLabel("Type Erased").FillAsync("Something else");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Reset Erased" }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#field-name-error")).ToContainTextAsync("Nothing was deleted");
        (await Login()).ShouldContain("access-token");

        await visitor.GetByLabel("Type Erased").FillAsync("Erased <app>");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Reset Erased" }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#job")).ToContainTextAsync("now has no users");
        (await Login()).ShouldContain("\"code\":600");
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Back to its settings" }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#copy-app-id")).ToHaveTextAsync(app.Id);
        await visitor.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_deleted_application_is_gone_for_apps_and_from_the_portal(bool scripts)
    {
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync($"{app.Path}/settings/general");
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Delete…" }).ClickAsync();
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Delete Erased" }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#field-name-error")).ToContainTextAsync("Nothing was deleted");
        await visitor.GetByLabel("Type Erased").FillAsync("Erased <app>");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Delete Erased" }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#job")).ToContainTextAsync("everything in it is deleted");
        (await installation.Api(app.AppToken, "getApplication")).ShouldContain("\"code\":401");
        using var gone = await installation.Get($"{app.Path}/settings/general");
        gone.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Applications" }).Last.ClickAsync();
        await Assertions.Expect(visitor.Locator($"a[href$='{app.Id}']")).ToHaveCountAsync(0);
        await visitor.Context.CloseAsync();
    }

    private Task<string> Login() =>
        installation.Api(app.AppToken, "login", new { handle = "ann@example.com", password = "a-password-of-mine-1" });
}
