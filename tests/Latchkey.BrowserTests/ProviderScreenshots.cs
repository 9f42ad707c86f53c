using System.Text.Json;

namespace Latchkey.BrowserTests;

/// <summary>The pages of the OpenID provider, for somebody to look at; run by scripts/portal-screenshots --all, not with the tests.</summary>
public sealed class ProviderScreenshots(BrowserFixture browser)
{
    private const string Ann = "ann@example.com";
    private const string Password = "a-password-of-mine-1";
    private const string Site = "https://photos.example.com";

    /// <summary>What clients, users and developers see, narrow and wide, light and dark. They are in .build/portal-pages.</summary>
    [Theory(Explicit = true)]
    [InlineData(ColorScheme.Light, 390, "en")]
    [InlineData(ColorScheme.Light, 1280, "en")]
    [InlineData(ColorScheme.Dark, 390, "en")]
    [InlineData(ColorScheme.Dark, 1280, "en")]
    [InlineData(ColorScheme.Light, 390, "ar")]
    [InlineData(ColorScheme.Light, 1280, "de")]
    public async Task to_look_at(ColorScheme scheme, int width, string language)
    {
        var folder = Path.Combine(LatchkeyServer.Root, ".build", "portal-pages", $"provider-{scheme}-{width}-{language}");
        await using var server = await LatchkeyServer.Start();
        var portal = await Open(server);
        await portal.SetUp(server);
        var app = await portal.CreateApplication("Harbour Walks");
        await server.Command("", "app", "set", app.Id, "signupFlow=none", "locales=EN,AR,DE", "emailCodeLogin=1");
        await server.Command(Password, "user", "add", app.Id, Ann, "--password-stdin");
        await server.Command("", "resource", "add", app.Id, "https://api.example.com", "--scope", "walks:read", "--scope", "walks:write");
        string[] site = ["--redirect-uri", $"{Site}/callback", "--scope", "openid", "--scope", "profile", "--scope", "offline_access"];
        string[] api = ["--scope", "walks:read", "--resource", "https://api.example.com"];
        var client = await Create("Photo prints", "web", [.. site, .. api]);
        var device = await Create("Harbour TV", "device");
        var strict = await CreateStrict();
        var visitor = await Open(server);
        await visitor.RouteAsync($"{Site}/**", route => route.FulfillAsync(new() { Body = "back at the client" }));
        await Visit();
        await VisitStrict();
        await VisitSignUp();
        await VisitPasskeys();
        await Portal();

        async Task Visit()
        {
            var authorize =
                $"/apps/{app.Id}/oauth2/authorize?client_id={client}&response_type=code&scope=openid+profile+offline_access+walks:read"
                + $"&redirect_uri={Uri.EscapeDataString($"{Site}/callback")}&code_challenge={new string('a', 43)}"
                + $"&code_challenge_method=S256&resource=https%3A%2F%2Fapi.example.com&ui_locales={language}";
            await visitor.GotoAsync(authorize);
            await Take(visitor, "hosted-login");
            await SignIn("wrong-password");
            await Take(visitor, "hosted-login-wrong");
            await SignIn(Password);
            await Take(visitor, "hosted-consent");
            await visitor.GotoAsync($"{authorize}&prompt=select_account");
            await Take(visitor, "hosted-account");
            await visitor.GotoAsync($"/apps/{app.Id}/login?ui_locales={language}");
            await Take(visitor, "hosted-signed-in");
            var asked = await visitor.APIRequest.PostAsync(
                $"{server.Url}/apps/{app.Id}/oauth2/device_authorization",
                new() { DataString = $"client_id={device}&scope=openid+offline_access", Headers = Form }
            );
            var code = (await asked.JsonAsync())!.Value.GetProperty("user_code").GetString()!;
            await visitor.GotoAsync($"/apps/{app.Id}/device?ui_locales={language}");
            await visitor.Locator("input[name=user_code]").FillAsync("BBBB-BBBB");
            await visitor.Locator("main button, form button").First.ClickAsync();
            await Take(visitor, "hosted-device");
            await visitor.Locator("input[name=user_code]").FillAsync(code);
            await visitor.Locator("main button, form button").First.ClickAsync();
            await Take(visitor, "hosted-device-question");
            await visitor.Locator("button[value=approve]").ClickAsync();
            await Take(visitor, "hosted-device-approved");
            await visitor.GotoAsync($"/apps/{app.Id}/oauth2/logout?client_id={client}&ui_locales={language}");
            await Take(visitor, "hosted-logout");
            await visitor.Locator("button[value=sign-out]").ClickAsync();
            await Take(visitor, "hosted-signed-out");
            await visitor.GotoAsync($"/apps/{app.Id}/oauth2/authorize?client_id=nobody&ui_locales={language}");
            await Take(visitor, "hosted-error");
        }

        async Task VisitStrict()
        {
            await visitor.GotoAsync($"/apps/{strict}/login?ui_locales={language}");
            await SignIn(Password);
            await Take(visitor, "hosted-factor");
            await visitor.Locator("button[value=enroll-otp]").ClickAsync();
            await Take(visitor, "hosted-factor-authenticator");
        }

        async Task VisitSignUp()
        {
            const string field = """metaData=[{"path":"given_name","fieldName":"given_name","required":true}]""";
            string[] settings = ["locales=EN,AR,DE", "userNamesEnabled=1", "passwordFilter=1", field];
            var made = await server.Command("", ["app", "create", "--name", "Sailing Club", "--json", .. settings]);
            var club = $"/apps/{JsonDocument.Parse(made).RootElement.GetProperty("appId").GetString()}";
            await visitor.GotoAsync($"{club}/signup?lang={language}");
            await Take(visitor, "hosted-signup");
            await visitor.Locator("input[name=handle]").FillAsync("bob@example.com");
            await visitor.Locator("input[name='metaData.given_name']").FillAsync("Bob");
            await visitor.Locator("input[name=password]").FillAsync("weak");
            await visitor.Locator("button[value=sign-up]").ClickAsync();
            await Take(visitor, "hosted-signup-refused");
            await visitor.Locator("input[name=password]").FillAsync("Weather-vane 7");
            await visitor.Locator("button[value=sign-up]").ClickAsync();
            await Take(visitor, "hosted-signup-mail");
            await visitor
                .Locator("input[name=code]")
                .FillAsync((await NewestMail(club[6..], "bob@example.com")).GetProperty("code").GetString()!);
            await visitor.Locator("button[value=code]").ClickAsync();
            await Take(visitor, "hosted-signup-name");
            await visitor.Context.ClearCookiesAsync();
            await visitor.GotoAsync($"{club}/forgot?lang={language}");
            await Take(visitor, "hosted-forgot");
            await visitor.Locator("input[name=handle]").FillAsync("somebody.else@example.com"); // a mail to Bob has just been sent
            await visitor.Locator("main form button").First.ClickAsync();
            await Take(visitor, "hosted-reset");
            await server.Command("", "app", "set", club[6..], "signupEnabled=0");
            await visitor.GotoAsync($"{club}/signup?lang={language}");
            await Take(visitor, "hosted-signup-closed");
        }

        async Task VisitPasskeys()
        {
            await using var local = await LatchkeyServer.StartAtLocalhost();
            string[] settings = ["signupFlow=none", "passkeysEnabled=1", "secondFactorPolicy=optional", "secondFactors=passkey"];
            var made = await local.Command("", ["app", "create", "--name", "Sailing Club", "--json", .. settings]);
            var id = JsonDocument.Parse(made).RootElement.GetProperty("appId").GetString()!;
            await local.Command(Password, "user", "add", id, Ann, "--password-stdin");
            visitor = await browser.Anonymous(scheme: scheme, url: local.LocalhostUrl);
            await visitor.SetViewportSizeAsync(width, 800);
            await VirtualAuthenticator.Add(visitor);
            await visitor.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
            await visitor.GotoAsync($"/apps/{id}/login?lang={language}");
            await Take(visitor, "hosted-login-passkeys");
            await SignIn(Password);
            await Take(visitor, "hosted-passkey-offer");
            await visitor.Locator("form[data-passkey] button").ClickAsync();
            await visitor.Locator("ul.codes").WaitForAsync();
            await Take(visitor, "hosted-recovery-codes");
            await visitor.Context.ClearCookiesAsync();
            await visitor.GotoAsync($"/apps/{id}/login?lang={language}");
            await SignIn(Password);
            await Take(visitor, "hosted-factor-passkey");
        }

        async Task<JsonElement> NewestMail(string appId, string to) =>
            JsonDocument.Parse(await server.Command("", "mailbox", "--json", "--app", appId, "--to", to)).RootElement[0];

        async Task Portal()
        {
            foreach (
                var (path, name) in new[]
                {
                    ("clients", "clients"),
                    ("clients/new", "new-client"),
                    ("clients/resources", "resources"),
                    ("clients/resources/change?id=https://api.example.com", "resource"),
                    ($"clients/{client}", "client"),
                    ($"clients/{client}/code", "client-code"),
                    ($"clients/{client}/delete", "client-delete"),
                    ($"clients/{device}", "client-device"),
                }
            )
            {
                await portal.GotoAsync($"{app.Path}/{path}");
                await Take(portal, name);
            }

            await portal.GotoAsync($"{app.Path}/users");
            await portal.GetByRole(AriaRole.Link, new() { Name = Ann, Exact = true }).ClickAsync();
            await Take(portal, "user");
        }

        async Task SignIn(string password)
        {
            await visitor.Locator("input[name=handle]").FillAsync(Ann);
            await visitor.Locator("input[name=password]").FillAsync(password);
            await visitor.Locator("button[value=sign-in]").ClickAsync();
        }

        async Task<string> CreateStrict()
        {
            string[] settings = ["signupFlow=none", "locales=EN,AR", "secondFactorPolicy=required", "secondFactors=authenticator,sms"];
            var made = await server.Command("", ["app", "create", "--name", "Lighthouse", "--json", .. settings]);
            var id = JsonDocument.Parse(made).RootElement.GetProperty("appId").GetString()!;
            await server.Command(Password, "user", "add", id, Ann, "--password-stdin");
            return id;
        }

        async Task<string> Create(string name, string type, params string[] more)
        {
            var made = await server.Command("", ["client", "create", app.Id, "--name", name, "--type", type, .. more, "--json"]);
            return JsonDocument.Parse(made).RootElement.GetProperty("clientId").GetString()!;
        }

        async Task<IPage> Open(LatchkeyServer at)
        {
            var page = await browser.Anonymous(scheme: scheme, url: at.Url);
            await page.SetViewportSizeAsync(width, 800);
            return page;
        }

        Task Take(IPage page, string name) => page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    private static readonly KeyValuePair<string, string>[] Form = [new("content-type", "application/x-www-form-urlencoded")];
}
