namespace Latchkey.BrowserTests;

public sealed class ApplicationListTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task applications_are_searched_filtered_and_sorted(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var mark = $"Quagga{scripts}";
        var older = await page.CreateApplication($"{mark} B");
        await page.CreateApplication($"{mark} A");
        await page.SignUpUser(installation, older, "grace@example.com");

        await page.GotoAsync("/portal");
        await page.GetByLabel("Search by name or App Id").FillAsync(mark.ToUpperInvariant());
        await page.Apply("Search", scripts, "search=QUAGGA");
        await Assertions.Expect(page.Locator("tbody th")).ToHaveTextAsync([$"{mark} A", $"{mark} B"]);
        await Assertions.Expect(page.Locator("tbody tr").Nth(1).Locator("[data-label=Users]")).ToHaveTextAsync("1");
        await page.GetByLabel("Order").SelectOptionAsync("newest");
        await page.Apply("Search", scripts, "sort=newest");
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToHaveTextAsync("Created");
        await page.GetByLabel("Status").SelectOptionAsync("blocked");
        await page.Apply("Search", scripts, "status=blocked");
        await Assertions.Expect(page.GetByText("Nothing found")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Show all" }).ClickAsync();
        (await page.Locator("tbody tr").CountAsync()).ShouldBeGreaterThanOrEqualTo(2);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_long_list_has_pages()
    {
        var form = (await PortalForm.On(installation, "/portal/applications/new")).Single(form => form.Fields.ContainsKey("name"));
        for (var i = 0; i < 51; i++)
        {
            using var made = await form.With("name", $"Herd{i:D2}").With("type", "development").Send(installation);
            made.StatusCode.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        }

        var page = await installation.SignedIn();
        await page.GotoAsync("/portal?search=herd");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        await page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody th")).ToHaveTextAsync(["Herd50"]);
        await page.GetByRole(AriaRole.Link, new() { Name = "Previous" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        await page.Context.CloseAsync();
    }
}
