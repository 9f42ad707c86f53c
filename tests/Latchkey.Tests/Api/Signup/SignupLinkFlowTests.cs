using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Latchkey.Core;

namespace Latchkey.Tests.Api.Signup;

public sealed class SignupLinkFlowTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Opening_the_link_shows_a_button_and_consumes_nothing()
    {
        var app = await Pending();
        var link = await LinkOf(app);
        var page = await Open(app, link);
        for (var i = 0; i < 10; i++)
        {
            page = await Open(app, link);
            page.Header("Content-Type").ShouldBe("text/html; charset=utf-8");
            page.Header("Cache-Control").ShouldBe("no-store");
            page.Header("Referrer-Policy").ShouldBe("no-referrer");
            Parsed(page).QuerySelectorAll("button").Length.ShouldBe(1);
        }

        (await app.TryLogin(Ann)).ShouldFailWith(608);
        (await app.CountUsers(Ann)).ShouldBe(0);
        (await Press(app, page)).ShouldBeOk();
        (await app.CountUsers(Ann)).ShouldBe(1);
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task Pressing_the_button_completes_and_shows_the_sandboxed_page_without_a_session()
    {
        var app = await Pending();
        var done = await Press(app, await Open(app, await LinkOf(app)));
        done.ShouldBeOk();
        done.Header("Content-Security-Policy").ShouldBe(PlainPage.SandboxContentSecurityPolicy);
        done.Header("Referrer-Policy").ShouldBe("no-referrer");
        done.Header("Cache-Control").ShouldBe("no-store");
        done.Text.ShouldContain("Demo");
        done.Text.ShouldNotContain("access-token");
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
        (await app.Mails(Ann))[0].Kind.ShouldBe("signUpSuccess");
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_used_link_says_so_on_a_page_and_in_json()
    {
        var app = await Pending();
        var page = await Open(app, await LinkOf(app));
        await Press(app, page);
        var again = await Press(app, page, ("Accept", "text/html"));
        again.Status.ShouldBe(HttpStatusCode.BadRequest);
        again.Text.ShouldContain("already confirmed");
        (await Press(app, page)).ShouldFailWith(601);
    }

    [Fact]
    public async Task The_link_is_in_both_parts_of_the_mail_and_built_from_the_public_url()
    {
        var app = await Pending();
        var mail = (await app.Mails(Ann)).Single();
        mail.Kind.ShouldBe("signUpLink");
        mail.Code.ShouldBeNull();
        mail.Link.ShouldNotBeNull().ShouldStartWith(app.Server.Address.ToString());
        mail.Text.ShouldContain(mail.Link);
        new HtmlParser()
            .ParseDocument(mail.Html)
            .QuerySelectorAll("a")
            .OfType<IHtmlAnchorElement>()
            .ShouldContain(a => a.Href == mail.Link);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("Forwarded", "host=evil.example")]
    public async Task No_header_changes_where_the_link_leads(string header, string value)
    {
        var app = await servers.Main.CreateApp("signupFlow=link");
        (await app.Post("signup", new { handle = Ann, password = App.Password }, (header, value))).ShouldBeTrue();
        (await LinkOf(app)).ShouldStartWith(app.Server.Address.ToString());
    }

    [Fact]
    public async Task The_links_token_completes_by_post_with_a_session_as_apps_do()
    {
        var app = await Pending();
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(await LinkOf(app)).Query)["code"]!;
        (await app.Complete(Ann, code)).ShouldBeOk().Text.ShouldContain("access-token");
    }

    [Fact]
    public async Task An_application_may_let_one_get_complete()
    {
        var app = await servers.Main.CreateApp("signupFlow=link", "linkCompletes=get");
        (await app.Signup(Ann)).ShouldBeTrue();
        var link = await LinkOf(app);
        (await app.Server.Send(app.Server.Request(HttpMethod.Head, new Uri(link).PathAndQuery))).ShouldBeOk(); // without effect
        (await app.TryLogin(Ann)).ShouldFailWith(608);
        (await Open(app, link)).ShouldBeOk().Header("Content-Security-Policy").ShouldBe(PlainPage.SandboxContentSecurityPolicy);
        (await app.TryLogin(Ann)).ShouldBeOk();
        (await app.Server.Get(new Uri(link).PathAndQuery)).ShouldFailWith(601);
    }

    [Fact]
    public async Task A_link_with_a_foreign_or_no_app_token_is_refused()
    {
        var app = await Pending();
        var other = await servers.Main.CreateApp("signupFlow=link", "linkCompletes=get");
        var link = await LinkOf(app);
        (await Open(app, link.Replace(app.Token, other.Token))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await app.Server.Get(new Uri(link.Replace(app.Token, "")).PathAndQuery)).ShouldFailWith(400);
    }

    [Fact]
    public async Task The_button_page_encodes_what_the_link_says()
    {
        var app = await servers.Main.CreateApp("signupFlow=link");
        var page = await Open(
            app,
            $"{app.Server.Address}api/appuser/completeSignup?appToken={app.Token}&handle=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&code=%22%3E%3Cb%3E"
        );
        Parsed(page).QuerySelectorAll("script, b").ShouldBeEmpty();
    }

    private async Task<App> Pending()
    {
        var app = await servers.Main.CreateApp("signupFlow=link");
        (await app.Signup(Ann)).ShouldBeTrue();
        return app;
    }

    private static async Task<string> LinkOf(App app) => (await app.Mails(Ann))[0].Link!;

    private static Task<Reply> Open(App app, string link) => app.Server.Get(new Uri(link).PathAndQuery, ("Accept", "text/html"));

    /// <summary>Sends the page's own form.</summary>
    private static Task<Reply> Press(App app, Reply page, params (string Name, string Value)[] headers)
    {
        var form = Parsed(page).Forms.Single();
        form.Method.ShouldBe("post");
        var request = app.Server.Request(HttpMethod.Post, form.GetAttribute("action")!, headers);
        request.Content = new FormUrlEncodedContent(
            form.QuerySelectorAll<IHtmlInputElement>("input").Select(input => KeyValuePair.Create(input.Name!, input.Value))
        );
        return app.Server.Send(request);
    }

    private static IHtmlDocument Parsed(Reply page) => new HtmlParser().ParseDocument(page.ShouldBeOk().Text);
}
