using System.Text.Json;

namespace Latchkey.BrowserTests;

/// <summary>The account pages, for somebody to look at; run by scripts/portal-screenshots --all, not with the tests.</summary>
public sealed class AccountScreenshots(BrowserFixture browser)
{
    private const string Ann = "ann@example.com";

    private static readonly string[] Settings =
    [
        "signupFlow=none",
        "locales=EN,DE,AR",
        "passkeysEnabled=1",
        "userNamesEnabled=1",
        "secondFactorPolicy=optional",
        "secondFactors=authenticator,sms,passkey",
        "metaData=[{\"path\":\"user_data.name\",\"fieldName\":\"Name\",\"canEdit\":true,\"required\":false}]",
    ];

    /// <summary>Every page, narrow and wide, light and dark, in three languages. They are in .build/portal-pages.</summary>
    [Theory(Explicit = true)]
    [InlineData(ColorScheme.Light, 390, "en")]
    [InlineData(ColorScheme.Light, 1440, "de")]
    [InlineData(ColorScheme.Dark, 390, "de")]
    [InlineData(ColorScheme.Dark, 1440, "ar")]
    [InlineData(ColorScheme.Light, 390, "ar")]
    public async Task to_look_at(ColorScheme scheme, int width, string language)
    {
        var folder = Path.Combine(LatchkeyServer.Root, ".build", "portal-pages", $"account-{scheme}-{width}-{language}");
        await using var server = await LatchkeyServer.StartAtLocalhost();
        var made = await server.Command("", ["app", "create", "--name", "Harbour Walks", "--json", .. Settings]);
        var app = JsonDocument.Parse(made).RootElement.GetProperty("appId").GetString()!;
        await server.Command(BrowserFixture.Password, "user", "add", app, Ann, "--password-stdin");
        var page = await browser.Anonymous(scheme: scheme, url: server.LocalhostUrl);
        await page.SetViewportSizeAsync(width, 800);
        await VirtualAuthenticator.Add(page);
        await page.GotoAsync($"{server.LocalhostUrl}/apps/{app}/login?lang={language}");
        await page.Locator("input[name=handle]").FillAsync(Ann);
        await page.Locator("input[name=password]").FillAsync(BrowserFixture.Password);
        await page.Locator("button[value=sign-in]").ClickAsync();
        await Assertions.Expect(page.Locator("input[name=password]")).ToHaveCountAsync(0);
        await Take("account", "overview");
        foreach (var path in new[] { "profile", "phone", "password", "factors", "sessions", "links", "apps", "data", "delete", "email" })
        {
            await Take($"account/{path}", path);
        }

        await Submit("account/factors/authenticator");
        await Shoot("authenticator");
        await Take("account/passkeys/add", "passkey-add");
        await page.Locator("[data-passkey] button").ClickAsync();
        await page.Locator("ul.codes").WaitForAsync();
        await Shoot("recovery-codes-new");
        foreach (var path in new[] { "passkeys", "factors", "recovery-codes" })
        {
            await Take($"account/{path}", $"{path}-after");
        }

        await page.GotoAsync($"{server.LocalhostUrl}/apps/{app}/account/passkeys");
        await page.Locator(".content section a").First.ClickAsync();
        await Shoot("passkey");
        await page.Locator(".content section a").First.ClickAsync();
        await Shoot("passkey-remove");
        await Take("account/proof?continue=account/delete&method=recovery", "proof");
        await page.Locator(".content form button").ClickAsync();
        await Shoot("proof-refused");
        await page.GotoAsync($"{server.LocalhostUrl}/apps/{app}/account/proof?continue=account/delete&method=passkey");
        await page.Locator("[data-passkey] button").ClickAsync();
        await page.Locator("#handle").FillAsync(Ann);
        await page.Locator(".content form button").ClickAsync();
        await Shoot("deleted");

        async Task Take(string path, string name)
        {
            await page.GotoAsync($"{server.LocalhostUrl}/apps/{app}/{path}");
            await Shoot(name);
        }

        async Task Submit(string path)
        {
            await page.GotoAsync($"{server.LocalhostUrl}/apps/{app}/{path}");
            await page.Locator(".content form button").First.ClickAsync();
        }

        Task Shoot(string name) => page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
