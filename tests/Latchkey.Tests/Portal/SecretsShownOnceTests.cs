using System.Net;
using Latchkey.Accounts;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Portal;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Tests.Portal;

/// <summary>Pages that show a secret once: a form redirects to them, and reloading them neither shows it again nor repeats the act.</summary>
public sealed class SecretsShownOnceTests(ServerFixture servers)
{
    private const string NewApplication = "/portal/applications/new";

    /// <summary>Each form that makes a secret: where it is, its name, its fields, and where the next page has the secret.</summary>
    public static TheoryData<string, string, string, string> Forms { get; } =
        new()
        {
            { NewApplication, "create", "name=Demo&type=development&jwtEnabled=1", "#copy-app-secret" },
            { "/portal/applications/{app}/keys/secrets", "add", "label=web", "#copy-app-secret" },
            { "/portal/applications/{app}/users/new", "user", "handle=ann@example.com&locale=EN", "#copy-password" },
            { "/portal/applications/{app}/users/{user}/password", "set", "", "#copy-password" },
        };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Reloading_the_page_neither_shows_the_secret_again_nor_makes_another(
        string path,
        string form,
        string fields,
        string secret
    )
    {
        var (visitor, page) = await Prepare(servers.Main, path);
        using var _ = visitor;
        var sent = await visitor.Submit(page, form, Fields(fields));
        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
        sent.Html.ShouldNotContain("This is the only time you see it");

        var shown = await visitor.Get(sent.Location);
        shown.Status.ShouldBe(HttpStatusCode.OK);
        shown.Text(secret).Length.ShouldBeGreaterThan(20);
        var again = await visitor.Get(sent.Location);
        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Html.ShouldNotContain(shown.Text(secret));
        again.Document.QuerySelector(secret).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Another_node_shows_the_secret_after_the_first_one_was_killed(string path, string form, string fields, string secret)
    {
        var first = await servers.Start();
        var (visitor, page) = await Prepare(first, path);
        using var _ = visitor;
        var sent = await visitor.Submit(page, form, Fields(fields));
        await first.Kill();

        using var elsewhere = visitor.On(await servers.StartOn(first.Installation));
        (await elsewhere.Get(sent.Location)).Text(secret).Length.ShouldBeGreaterThan(20);
        (await elsewhere.Get(sent.Location)).Document.QuerySelector(secret).ShouldBeNull();
    }

    [Fact]
    public async Task Recovery_codes_are_shown_once_and_reloading_makes_no_others()
    {
        var account = await PortalAccount.Create(servers.Main);
        var browser = await account.SignIn();
        await account.EnableSecondFactor(browser);
        var sent = await browser.Post("/portal/account/recovery-codes", "renew");
        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.Head(sent.Header("Location")!)).ShouldBeOk(); // shows nothing, and so takes nothing
        (await browser.Get(sent.Header("Location")!)).Text.ShouldContain("copy-codes");
        (await browser.Get(sent.Header("Location")!)).Text.ShouldNotContain("copy-codes");
    }

    [Fact]
    public async Task A_secret_is_shown_only_to_the_session_that_made_it_and_on_its_own_page()
    {
        var owner = await PortalAccount.Create(servers.Main);
        var app = await servers.Main.CreateApp();
        await owner.AddAsMember(app.Id, "owner");
        var (browser, other) = (await owner.SignIn(), await owner.SignIn());
        var sent = await browser.Post($"/portal/applications/{app.Id}/keys/secrets", "add", ("label", "web"));
        var cookie = browser.Cookies.Single(one => one.Key.StartsWith("latchkey-shown-", StringComparison.Ordinal));
        cookie.Value.ShouldNotContain("app-secret");

        other.Cookies[cookie.Key] = cookie.Value;
        (await other.Get(sent.Header("Location")!)).ShouldBeOk().Text.ShouldNotContain("copy-app-secret");
        var created = sent.Header("Location")!.Replace("keys/secrets", "created", StringComparison.Ordinal);
        (await browser.Copy().Get(created)).ShouldBeOk().Text.ShouldNotContain("copy-app-secret");
        (await browser.Get(sent.Header("Location")!)).Text.ShouldContain("copy-app-secret");
        browser.Cookies.ShouldNotContainKey(cookie.Key);
    }

    [Fact]
    public async Task Two_tabs_show_each_its_own_secret()
    {
        var (visitor, page) = await Prepare(servers.Main, "/portal/applications/{app}/keys/secrets");
        using var _ = visitor;
        var (first, second) = (await visitor.Submit(page, "add", ("label", "a")), await visitor.Submit(page, "add", ("label", "b")));
        var (one, two) = (await visitor.Get(first.Location), await visitor.Get(second.Location));
        one.Text("#copy-app-secret").Length.ShouldBe(43);
        two.Text("#copy-app-secret").Length.ShouldBe(43);
        one.Text("#copy-app-secret").ShouldNotBe(two.Text("#copy-app-secret"));
    }

    [Fact]
    public async Task A_browser_that_opens_none_of_the_pages_does_not_send_ever_more_cookies()
    {
        var owner = await PortalAccount.Create(servers.Main);
        var app = await servers.Main.CreateApp();
        await owner.AddAsMember(app.Id, "owner");
        var browser = await owner.SignIn();
        var page = $"/portal/applications/{app.Id}/users/new";
        for (var i = 0; i < 20; i++)
        {
            await browser.Post(page, "user", ("handle", $"user{i}@example.com"), ("locale", "EN"));
        }

        browser.Cookies.Keys.Count(name => name.StartsWith("latchkey-shown-", StringComparison.Ordinal)).ShouldBeInRange(1, 6);
    }

    [Fact]
    public async Task A_secret_is_not_shown_after_five_minutes()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        var cookies = new PortalCookie(new InstallationSettings());
        var flash = new FlashCookie(cookies, await servers.Main.Installation.Get<KeyRing>(), clock);
        var form = Context("POST", "");
        var address = flash.Write(form, "secret", "the text", "/page?a=1#part");
        address.ShouldStartWith("/page?a=1&shown=");
        address.ShouldEndWith("#part");
        var cookie = form.Response.Headers.SetCookie.ToString().Split(';')[0];
        var query = new Uri(new Uri("http://localhost"), address).Query;

        flash.Read(Context("GET", query, cookie), "another").ShouldBeNull();
        flash.Read(Context("GET", query, $"{cookie}x"), "secret").ShouldBeNull();
        flash.Read(Context("POST", query, cookie), "secret").ShouldBeNull();
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        flash.Read(Context("GET", query, cookie), "secret").ShouldBe("the text");
        clock.Advance(TimeSpan.FromSeconds(1));
        flash.Read(Context("GET", query, cookie), "secret").ShouldBeNull();
    }

    private static DefaultHttpContext Context(string method, string query, string cookie = "")
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.QueryString = new QueryString(query);
        context.Request.Headers.Cookie = cookie;
        context.Features.Set(new PortalSession { Id = "session" });
        return context;
    }

    /// <summary>An owner of a new application with one user, and the page with the ids of both in its path.</summary>
    private static async Task<(PortalVisitor Visitor, string Page)> Prepare(ServerProcess server, string path)
    {
        var app = await server.CreateApp("signupFlow=none");
        await app.Installation.RunWithInput("a-password-of-mine-1", "user", "add", app.Id, "bob@example.com", "--password-stdin");
        var user = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        return (
            await PortalVisitor.Member(app, "owner"),
            path.Replace("{app}", app.Id, StringComparison.Ordinal).Replace("{user}", user, StringComparison.Ordinal)
        );
    }

    private static (string, string)[] Fields(string form) =>
        [.. form.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split('=')).Select(pair => (pair[0], pair[1]))];
}
