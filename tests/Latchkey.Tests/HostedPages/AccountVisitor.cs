using System.Net;
using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>A user of an application who is signed in on the hosted pages, in a browser without scripts.</summary>
public sealed record AccountVisitor(ProviderApp Provider, Browser Browser, string Handle) : IDisposable
{
    public const string Ann = "ann@example.com";
    public const string NewPassword = "another-Password-of-mine-2!";

    /// <summary>Settings of an application whose passkeys <see cref="SoftAuthenticator"/> makes, but not on the pages.</summary>
    public static readonly string[] Passkeys = ["passkeysEnabled=1", "passkeyRpId=example.org"];

    public TestInstallation Installation => Provider.Installation;

    public static async Task<AccountVisitor> Create(ServerFixture servers, params string[] settings)
    {
        var provider = await ProviderApp.Create(servers, settings);
        await provider.App.CreateUser(Ann);
        return await SignIn(provider, Ann);
    }

    /// <summary>Where passkeys work on the pages (<see cref="PageVisitor.PasskeyOrigin"/>).</summary>
    public static async Task<AccountVisitor> WithPasskeys(ServerFixture servers, params string[] settings)
    {
        var browser = await PageVisitor.BrowserWithPasskeys(servers, ["signupFlow=none", "callsPerSecond=1000000", .. settings]);
        await browser.Provider.App.CreateUser(Ann);
        return await SignIn(browser, Ann, App.Password);
    }

    public static Task<AccountVisitor> SignIn(ProviderApp provider, string handle, string password = App.Password) =>
        SignIn(new Browser(provider), handle, password);

    private static async Task<AccountVisitor> SignIn(Browser browser, string handle, string password)
    {
        (await browser.SignIn(await browser.Open("account"), handle, password)).ShouldBePage("account");
        return new(browser.Provider, browser, handle);
    }

    public Task<Visit> Open(string address) => Browser.Open(address);

    public Task<Visit> Submit(Visit page, string? action, params (string Name, string Value)[] fields) =>
        Browser.Submit(page, action, fields);

    /// <summary>As if the user had signed in an hour ago.</summary>
    public Task Wait() =>
        Installation.Execute(
            "UPDATE sessions SET created_at = created_at - 3600000, proved_at = proved_at - 3600000 WHERE app_id = @Id",
            new { Provider.Id }
        );

    /// <summary>Proves again who the user is by the password, on the page that the browser is at.</summary>
    public Task<Visit> Prove(Visit page) => Submit(page.ShouldBePage("account/proof"), null, ("password", App.Password));

    public Task<int> Count(string table, string where = "TRUE") =>
        Installation.Query<int>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id AND {where}", new { Provider.Id });

    public void Dispose() => Browser.Dispose();
}

/// <summary>What account pages are looked at for.</summary>
public static class AccountVisits
{
    /// <summary>It was done: sent on with 303, and the page says so.</summary>
    public static Visit ShouldSay(this Visit visit, string text)
    {
        visit.Steps[0].ShouldBe(HttpStatusCode.SeeOther);
        visit.Status.ShouldBe(HttpStatusCode.OK, visit.Text);
        (visit.Document.QuerySelector("[role=status]")?.TextContent).ShouldBe(text, visit.Text);
        return visit;
    }

    /// <summary>It was refused: sent back with 303, and the page says why.</summary>
    public static Visit ShouldRefuse(this Visit visit, string text)
    {
        visit.Steps[0].ShouldBe(HttpStatusCode.SeeOther);
        visit.Status.ShouldBe(HttpStatusCode.BadRequest, visit.Text);
        (visit.Document.QuerySelector("[role=alert]")?.TextContent ?? "").ShouldContain(text, Case.Sensitive, visit.Text);
        return visit;
    }
}
