using System.Text.Json;
using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests;

/// <summary>Another provider in front, in Chromium and by https through nginx: one application signs its users in with another one.</summary>
public sealed class OtherProviderTests(BrowserFixture installation)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task somebody_signs_up_and_in_with_another_provider_with_and_without_scripts(bool scripts)
    {
        var address = TlsProxy.FindAddress();
        var trusted = Path.Combine(Directory.CreateTempSubdirectory("latchkey-trusted-").FullName, "ca.pem");
        await using var server = await LatchkeyServer.Start(
            [("SSL_CERT_FILE", trusted), ("LATCHKEY_OUTBOUND_NETWORKS", "127.0.0.0/8,::1/128")],
            "--public-url",
            address.AbsoluteUri,
            "--proxies",
            "127.0.0.1/32"
        );
        await using var proxy = await TlsProxy.Start(address, new Uri(server.Url));
        File.Copy(proxy.AuthorityFile, trusted); // before the server's first connection
        var (company, shop) = (await CreateApp(server, "Company", "signupFlow=none"), await CreateApp(server, "Shop"));
        await server.Command(BrowserFixture.Password, "user", "add", company, Ann, "--password-stdin");
        await AddProvider(server, address, company, shop);

        await using var context = await installation.Browser.NewContextAsync(
            new() { IgnoreHTTPSErrors = true, JavaScriptEnabled = scripts }
        );
        var page = await context.NewPageAsync();
        await GoToCompany(page, address, shop);
        await SignInAtCompany(page);
        await ShouldShow(page, "One more step"); // nobody vouches for the company's addresses
        await Check(page, scripts, "login/via/signup");
        await Assertions.Expect(page.GetByLabel("E-mail address")).ToHaveValueAsync(Ann);
        await Press(page, "Continue");
        await ShouldShow(page, "Enter the code");
        await Check(page, scripts, "login/via/code");
        await page.GetByLabel("Code").FillAsync(await MailedCode(server, shop));
        await Press(page, "Continue");
        await ShouldShow(page, "You are signed in");
        await page.GotoAsync(new Uri(address, $"apps/{shop}/account/links").AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The Company" })).ToBeVisibleAsync();
        await Check(page, scripts, "account/links");

        await context.ClearCookiesAsync();
        await GoToCompany(page, address, shop);
        await SignInAtCompany(page);
        await ShouldShow(page, "You are signed in"); // known now: nothing more is asked
    }

    private static async Task GoToCompany(IPage page, Uri address, string shop)
    {
        await page.GotoAsync(new Uri(address, $"apps/{shop}/login").AbsoluteUri);
        await Press(page, "Continue with The Company");
        await ShouldShow(page, "Sign in to Company");
    }

    private static async Task SignInAtCompany(IPage page)
    {
        await page.GetByLabel("E-mail address").FillAsync(Ann);
        await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await Press(page, "Sign in");
    }

    private static async Task AddProvider(LatchkeyServer server, Uri address, string company, string shop)
    {
        string[] options = ["--name", "Shop", "--type", "web", "--first-party", "--json", "--redirect-uri"];
        var callback = new Uri(address, $"apps/{shop}/login/via/company/callback").AbsoluteUri;
        var made = JsonDocument.Parse(await server.Command("", ["client", "create", company, .. options, callback])).RootElement;
        await server.Command(
            made.GetProperty("clientSecret").GetString()!,
            "provider",
            "create",
            shop,
            "oidc",
            "alias=company",
            "name=The Company",
            $"issuer={new Uri(address, $"apps/{company}").AbsoluteUri}",
            $"clientId={made.GetProperty("clientId").GetString()}",
            "--secret-stdin"
        );
    }

    private static async Task<string> MailedCode(LatchkeyServer server, string appId)
    {
        for (var i = 0; i < 100; i++)
        {
            var mails = JsonDocument.Parse(await server.Command("", "mailbox", "--json", "--app", appId, "--to", Ann)).RootElement;
            if (mails.GetArrayLength() > 0)
            {
                return mails[0].GetProperty("code").GetString()!;
            }
        }

        throw new InvalidOperationException("no mail came");
    }

    private static async Task<string> CreateApp(LatchkeyServer server, string name, params string[] settings) =>
        JsonDocument
            .Parse(await server.Command("", ["app", "create", "--name", name, "--json", .. settings]))
            .RootElement.GetProperty("appId")
            .GetString()!;

    private static Task Press(IPage page, string button) =>
        page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task ShouldShow(IPage page, string heading) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);

    /// <summary>axe is a script itself: what it would find is found with scripts on.</summary>
    private static Task Check(IPage page, bool scripts, string name) => scripts ? page.CheckAccessibility(name) : Task.CompletedTask;
}
