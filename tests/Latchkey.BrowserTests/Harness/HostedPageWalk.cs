using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests.Harness;

/// <summary>
/// Opens every page that users of an application see, one after the other, as a user does who signs up, signs in and looks around. Names
/// are long, so that what does not fit shows.
/// </summary>
public sealed partial class HostedPageWalk(LatchkeyServer server)
{
    public const string Ann = "ann.of.the.northern.harbour@long-domain-name.example.com";
    public const string Password = "a-password-of-mine-1";
    private static readonly KeyValuePair<string, string>[] Form = [new("content-type", "application/x-www-form-urlencoded")];

    /// <summary>The application of most pages.</summary>
    public string App { get; private set; } = "";

    /// <summary>One that asks for a second factor.</summary>
    private string Strict { get; set; } = "";

    private string Client { get; set; } = "";

    private string Device { get; set; } = "";

    /// <summary>Where the client is. There is no page, which is enough for coming back to it.</summary>
    private string Callback => $"{server.Url}/callback";

    /// <param name="options">Of <c>latchkey app branding set</c>, for a brand of its own; none for the built-in look.</param>
    public static async Task<HostedPageWalk> Create(LatchkeyServer server, params string[] options)
    {
        var walk = new HostedPageWalk(server);
        string[] settings = ["signupFlow=code", "emailCodeLogin=1", "userNamesEnabled=1", "signupEnabled=1"];
        walk.App = await walk.CreateApplication("Harbour Walks", settings);
        walk.Strict = await walk.CreateApplication(
            "Lighthouse",
            ["signupFlow=none", "secondFactorPolicy=required", "secondFactors=authenticator,sms", "rememberDeviceDays=30"]
        );
        string[] api = ["--scope", "walks:read", "--resource", "https://api.example.com"];
        await server.Command("", "resource", "add", walk.App, "https://api.example.com", "--name", "Walks API", "--scope", "walks:read");
        walk.Client = await walk.CreateClient(
            "Photo prints",
            "web",
            ["--redirect-uri", walk.Callback, "--scope", "openid", "--scope", "profile", "--scope", "offline_access", .. api]
        );
        walk.Device = await walk.CreateClient("Harbour TV", "device", []);
        foreach (var (template, client) in new[] { ("google", "12-ab.apps.googleusercontent.com"), ("github", "Ov23liABCDEFGHIJKLMN") })
        {
            await server.Command("secret", "provider", "create", walk.App, template, $"clientId={client}", "--secret-stdin");
        }

        if (options.Length > 0)
        {
            await server.Command("", ["app", "branding", "set", walk.App, .. options]);
            await server.Command("", "app", "branding", "publish", walk.App);
        }

        return walk;
    }

    /// <param name="page">A browser without a session.</param>
    /// <param name="language">The language that the user chooses.</param>
    /// <param name="at">Is called on every page, with its name.</param>
    public async Task Visit(IPage page, string language, Func<string, Task> at)
    {
        var issuer = $"{server.Url}/apps/{App}";
        var authorize =
            $"{issuer}/oauth2/authorize?client_id={Client}&response_type=code&scope=openid+profile+offline_access+walks:read"
            + $"&redirect_uri={Uri.EscapeDataString(Callback)}&code_challenge={new string('a', 43)}"
            + "&code_challenge_method=S256&resource=https%3A%2F%2Fapi.example.com";
        await page.GotoAsync($"{issuer}/login?lang={language}");
        await page.GotoAsync(authorize);
        await at("login");
        await SignIn(page, "wrong-password");
        await at("login-wrong");
        await page.Locator(".languages summary").ClickAsync();
        await at("login-languages");
        await page.Locator(".languages summary").ClickAsync();
        await page.Locator("input[name=handle]").FillAsync(Ann);
        await page.Locator("button[value=code]").ClickAsync();
        await at("code");
        await page.Locator("input[name=code]").FillAsync("000000");
        await page.Locator("main button[type=submit]").First.ClickAsync();
        await at("code-wrong");
        await VisitSignUp(page, issuer, language, at);
        foreach (var path in new[] { "forgot", "reset", "login/via/google" })
        {
            await page.GotoAsync($"{issuer}/{path}");
            await at(path.Replace('/', '-'));
        }

        await page.GotoAsync(authorize);
        await SignIn(page, Password);
        await at("consent");
        await page.Locator("button[value=allow]").ClickAsync();
        await page.GotoAsync($"{authorize}&prompt=select_account");
        await at("choose-account");
        await page.GotoAsync($"{issuer}/login");
        await at("signed-in");
        await VisitAccount(page, issuer, at);
        await VisitDevice(page, issuer, at);
        await page.GotoAsync($"{issuer}/oauth2/logout?client_id={Client}");
        await at("logout");
        await page.Locator("button[value=sign-out]").ClickAsync();
        await at("signed-out");
        await page.GotoAsync($"{issuer}/oauth2/authorize?client_id=nobody");
        await at("error");
        await VisitFactors(page, language, at);
    }

    private static async Task VisitAccount(IPage page, string issuer, Func<string, Task> at)
    {
        await page.GotoAsync($"{issuer}/account");
        await at("account");
        var links = await page.Locator(".side a").EvaluateAllAsync<string[]>("all => all.map(one => one.href)");
        foreach (var link in links.Skip(1))
        {
            await page.GotoAsync(link);
            await at($"account-{link.Split('/')[^1].Split('?')[0]}");
        }

        await page.GotoAsync($"{issuer}/account/proof?continue=account/delete");
        await at("account-proof");
    }

    /// <summary>Somebody new, up to the choice of a user name, and then out again; and a link that was too old.</summary>
    private async Task VisitSignUp(IPage page, string issuer, string language, Func<string, Task> at)
    {
        var bob = $"bob.{language}.{Path.GetRandomFileName()}@long-domain-name.example.com";
        await page.GotoAsync($"{issuer}/signup");
        await at("signup");
        await page.Locator("input[name=handle]").FillAsync(bob);
        await page.Locator("input[name=password]").FillAsync(Password);
        await page.Locator("main button[type=submit]").First.ClickAsync();
        await at("signup-mail");
        var mail = await server.Command("", "mailbox", "--json", "--app", App, "--to", bob);
        await page.Locator("input[name=code]").FillAsync(JsonDocument.Parse(mail).RootElement[0].GetProperty("code").GetString() ?? "");
        await page.Locator("main button[type=submit]").First.ClickAsync();
        await at("signup-name");
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync($"{issuer}/signup/confirm?token=old&lang={language}");
        await at("signup-link-ended");
    }

    private async Task VisitDevice(IPage page, string issuer, Func<string, Task> at)
    {
        var asked = await page.APIRequest.PostAsync(
            $"{issuer}/oauth2/device_authorization",
            new() { DataString = $"client_id={Device}&scope=openid+offline_access", Headers = Form }
        );
        var code = (await asked.JsonAsync())!.Value.GetProperty("user_code").GetString()!;
        await page.GotoAsync($"{issuer}/device");
        await page.Locator("input[name=user_code]").FillAsync("BBBB-BBBB");
        await page.Locator("main button").First.ClickAsync();
        await at("device");
        await page.Locator("input[name=user_code]").FillAsync(code);
        await page.Locator("main button").First.ClickAsync();
        await at("device-question");
        await page.Locator("button[value=approve]").ClickAsync();
        await at("device-approved");
    }

    private async Task VisitFactors(IPage page, string language, Func<string, Task> at)
    {
        await page.GotoAsync($"{server.Url}/apps/{Strict}/login?lang={language}");
        await SignIn(page, Password);
        await at("factor-choice");
        await page.Locator("button[value=enroll-otp]").ClickAsync();
        await at("factor-authenticator");
        var key = Blanks().Replace(await page.Locator(".key").InnerTextAsync(), "");
        var authenticator = new Authenticator(key);
        await page.Locator("input[name=code]").FillAsync(authenticator.Code());
        await page.Locator("main button").First.ClickAsync();
        await at("recovery-codes");
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync($"{server.Url}/apps/{Strict}/login?lang={language}");
        await SignIn(page, Password);
        await at("factor");
    }

    public static async Task SignIn(IPage page, string password)
    {
        await page.Locator("input[name=handle]").FillAsync(Ann);
        await page.Locator("input[name=password]").FillAsync(password);
        await page.Locator("button[value=sign-in]").ClickAsync();
    }

    private async Task<string> CreateApplication(string name, string[] settings)
    {
        var made = await server.Command("", ["app", "create", "--name", name, "--json", .. settings]);
        var id = JsonDocument.Parse(made).RootElement.GetProperty("appId").GetString()!;
        await server.Command(Password, "user", "add", id, Ann, "--password-stdin");
        return id;
    }

    private async Task<string> CreateClient(string name, string type, string[] more)
    {
        var made = await server.Command("", ["client", "create", App, "--name", name, "--type", type, .. more, "--json"]);
        return JsonDocument.Parse(made).RootElement.GetProperty("clientId").GetString()!;
    }

    [GeneratedRegex(@"\s", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
