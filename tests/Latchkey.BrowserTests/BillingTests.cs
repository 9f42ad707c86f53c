namespace Latchkey.BrowserTests;

/// <summary>The pages of billing, with some months behind them: what is on them, and what axe says.</summary>
public sealed class BillingTests(BrowserFixture browser)
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task axe_finds_nothing_and_nothing_sticks_out(ColorScheme scheme, int width)
    {
        await using var server = await LatchkeyServer.Start([
            ("LATCHKEY_BILLING", "on"),
            ("LATCHKEY_BILLING_SELLER", "Latch GmbH;Keyway 1"),
            ("LATCHKEY_STRIPE_SECRET_KEY", "sk_test_nobody"),
            ("LATCHKEY_STRIPE_WEBHOOK_SECRET", "whsec_nobody"),
            ("LATCHKEY_STRIPE_URL", "http://127.0.0.1:9"), // where nobody answers
        ]);
        var page = await browser.Anonymous(scheme: scheme, url: server.Url);
        await page.SetViewportSizeAsync(width, 800);
        await page.SetUp(server);
        var account = await Fill(server);
        await Check("/portal/billing", "billing");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Harbour Apps" })).ToBeVisibleAsync();
        await Check($"/portal/billing/{account}", "billing-account");
        await Assertions.Expect(page.Locator(".headline")).ToContainTextAsync("EUR");
        await Assertions.Expect(page.Locator("#invoices + table")).ToContainTextAsync("INV-000002");
        await page.GetByLabel("Budget of a month, in EUR").FillAsync("many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-amount-error")).ToContainTextAsync("An amount in EUR");
        await page.CheckAccessibility("budget refused");
        await page.GetByLabel("Budget of a month, in EUR").FillAsync("250");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("saved");
        await page.GetByRole(AriaRole.Link, new() { Name = "INV-000002" }).ClickAsync();
        await Assertions.Expect(page.Locator("#pay")).ToBeVisibleAsync();
        await page.CheckAccessibility("invoice of a developer");
        await Photograph("billing-invoice");
        await Check($"/portal/billing/{account}/card", "billing-card");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save a card" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("Stripe did not answer");
        await page.CheckAccessibility("card refused");
        await Check("/portal/operator/billing", "operator-billing");
        await page.GetByRole(AriaRole.Link, new() { Name = "INV-000001" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("#pay")).ToBeVisibleAsync();
        await page.CheckAccessibility("invoice");
        await Photograph("operator-invoice");
        await page.GetByLabel("Reference of the payment").FillAsync("TRX 7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mark as paid" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The invoice is changed.");
        await page.Context.CloseAsync();

        async Task Check(string path, string name)
        {
            (await page.GotoAsync(path))!.Status.ShouldBe(200, path);
            await page.CheckAccessibility(path);
            await Photograph(name);
        }

        Task Photograph(string name) =>
            page.ScreenshotAsync(
                new()
                {
                    Path = Path.Combine(LatchkeyServer.Root, ".build", "portal-pages", $"{scheme}-{width}", $"{name}.png"),
                    FullPage = true,
                }
            );
    }

    /// <summary>Two applications that were there a hundred days ago; the months since are closed today. Gives the billing account.</summary>
    private static async Task<string> Fill(LatchkeyServer server)
    {
        var account = "";
        foreach (
            var command in new[]
            {
                "plan create month=29 'activeUser=100 free, 0.02' mail=0.0004 taxRate=19 --name Standard --currency EUR",
                "account create --name 'Harbour Apps' --email bills@harbour.example --currency EUR",
            }
        )
        {
            account = (await Latchkey(server, $"billing {command}", daysAgo: 100)).Trim();
        }

        foreach (var name in new[] { "Tide Tables", "Boat Share" })
        {
            // Created while nothing is metered, so that it is on record from the next run: a hundred days ago.
            var made = await Shell.Run(
                $"{LatchkeyServer.Executable} app create --name '{name}' type=commercial --json --data {server.DataFolder}"
            );
            var id = System.Text.Json.JsonDocument.Parse(made).RootElement.GetProperty("appId").GetString();
            await Latchkey(server, "billing run", daysAgo: 100);
            await Latchkey(server, $"billing account assign {account} {id} --plan Standard", daysAgo: 100);
        }

        await Latchkey(server, $"billing account add-developer {account} --email {BrowserFixture.Email}");
        await Latchkey(server, "billing run");
        return account;
    }

    private static Task<string> Latchkey(LatchkeyServer server, string command, int daysAgo = 0) =>
        Shell.Run(
            (daysAgo > 0 ? $"LD_PRELOAD={FakeTime} FAKETIME=-{daysAgo}d " : "")
                + $"LATCHKEY_BILLING=on {LatchkeyServer.Executable} {command} --data {server.DataFolder}"
        );
}
