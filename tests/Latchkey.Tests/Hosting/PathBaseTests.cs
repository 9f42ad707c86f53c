using System.Net;
using AngleSharp.Html.Parser;
using Latchkey.Core.Configuration;
using Latchkey.Tests.Nodes;
using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Hosting;

/// <summary>
/// A public URL with a path: every link, form, redirect and cookie has it, behind nginx that removes the path and behind nginx that keeps
/// it. nginx passes nothing else on, so a link without the path is not found.
/// </summary>
public sealed class PathBaseTests(ServerFixture servers)
{
    private const string Base = "/auth";
    private const string Email = "ada@operators.example";
    private const string Password = "violet harbour lamp";

    private static readonly string[] AddressAttributes = ["href", "src", "action", "formaction", "data-preview"];

    private static IEnumerable<MappedRoute> Pages => MappedRoutes.All.Where(route => route.Method == "GET" && route.IsPortal);

    [Theory, InlineData(true), InlineData(false)]
    public async Task Every_link_and_form_of_every_page_leads_to_an_address_below_the_path(bool stripsPath)
    {
        var (tenant, nodes) = await StartWithTenant(stripsPath);
        await using var _ = nodes;
        using var visitor = await Operator(nodes.Proxy);
        var links = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Pages.Select(page => PortalForms.Path(page, tenant.Ids)).Concat(["", "/", "/nothing", "/docs/index.html"]))
        {
            links.UnionWith(LinksOn(await visitor.Get(Base + path), new Uri(nodes.Proxy.Address, Base + path)));
        }

        links.Count.ShouldBeGreaterThan(100);
        links.ShouldAllBe(link => link == Base || link.StartsWith($"{Base}/", StringComparison.Ordinal));
        foreach (var link in links)
        {
            ((int)(await visitor.Get(link)).Status).ShouldBeOneOf([200, 301, 302, 303, 405], link); // 405: a form's address
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Every_form_redirects_to_an_address_below_the_path(bool stripsPath)
    {
        var (tenant, nodes) = await StartWithTenant(stripsPath);
        await using var _ = nodes;
        (await nodes.Proxy.Installation.RunWithInput(Password, CreateOperator)).ShouldSucceed();
        var visitor = new PortalClient(nodes.Proxy);
        (await visitor.SignIn(Email, Password, $"{Base}/portal/sign-in")).Header("Location").ShouldBe($"{Base}/portal/operator");
        var targets = new List<string>();
        foreach (var page in Pages.Where(PortalForms.IsOfTenant))
        {
            var path = Base + PortalForms.Path(page, tenant.Ids);
            foreach (var form in await PortalForms.ReadForms(visitor, path))
            {
                var reply = await visitor.Send(path, form, ("name", "New name"), ("email", "new@example.com"), ("label", "new"));
                ((int)reply.Status).ShouldBeLessThan(500, path);
                targets.AddRange(reply.Header("Location") is { } target ? [target] : []);
            }
        }

        targets.Distinct().Count().ShouldBeGreaterThan(20);
        targets.ShouldAllBe(target => target.StartsWith($"{Base}/portal/", StringComparison.Ordinal));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task From_the_setup_link_to_the_sign_out_a_browser_stays_below_the_path(bool stripsPath)
    {
        await using var nodes = await NodesBehindNginx.StartBelow(await servers.NewInstallation(), Base, stripsPath);
        var printed = await nodes.All[0].LogLine("Set it up with this link");
        var setup = printed[printed.IndexOf("http://", StringComparison.Ordinal)..].Trim();
        setup.ShouldStartWith($"{nodes.Proxy.Address}auth/portal/setup?token=");
        using var browser = PortalVisitor.Anonymous(nodes.Proxy);
        var done = await browser.SubmitAndFollow(
            new Uri(setup).PathAndQuery,
            "setup",
            ("name", "Ada"),
            ("email", Email),
            ("password", Password)
        );
        done.Status.ShouldBe(HttpStatusCode.OK); // the front page, so the browser sent the session cookie
        (await browser.Get("/portal")).Status.ShouldBe(HttpStatusCode.NotFound); // nginx passes on what is below the path
        var created = await browser.SubmitAndFollow($"{Base}/portal/applications/new", "create", ("name", "Demo"));
        created.Document.QuerySelectorAll("#copy-app-secret, [id^=copy-]").Length.ShouldBeGreaterThan(2);
        created.Text("#content").ShouldContain($"{nodes.Proxy.Address}auth/api/appuser/signup");
        var token = created.Document.QuerySelector("form.who input")!.GetAttribute("value")!;
        (await browser.Send($"{Base}/portal/sign-out", new Dictionary<string, string> { [PortalForms.Token] = token })).Location.ShouldBe(
            $"{Base}/portal/sign-in?signedOut=1"
        );
        var refused = await browser.Get($"{Base}/portal/account");
        refused.Location.ShouldBe($"{Base}/portal/sign-in?returnUrl=%2Fportal%2Faccount");
        (await browser.Submit(refused.Location, "sign-in", ("email", Email), ("password", Password))).Location.ShouldBe(
            $"{Base}/portal/account"
        );
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Links_in_mails_lead_to_pages_whose_forms_work(bool stripsPath)
    {
        await using var nodes = await NodesBehindNginx.StartBelow(await servers.NewInstallation(), Base, stripsPath);
        var app = await nodes.All[0].CreateApp("signupFlow=link");
        var visitor = app with { Server = nodes.Proxy };
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        (await app.InviteByServer("kim@example.com")).ShouldBeTrue();
        foreach (var handle in new[] { "ann@example.com", "kim@example.com" })
        {
            var link = (await app.Mails(handle))[0].Link.ShouldNotBeNull();
            link.ShouldStartWith($"{nodes.Proxy.Address}auth/api/appuser/");
            var page = (await visitor.OpenLink(link)).ShouldBeOk();
            LinksOn(page.Text, new Uri(link)).ShouldAllBe(address => address.StartsWith($"{Base}/", StringComparison.Ordinal));
            (await visitor.SendForm(page, ("password", App.Password))).ShouldBeOk();
            await app.Login(handle);
        }

        await app.ForgetMessages();
        await app.Installation.Execute("DELETE FROM limits");
        (await app.ForgotPassword("ann@example.com")).ShouldBeTrue();
        var reset = await visitor.OpenLink((await app.Mails("ann@example.com"))[0].Link.ShouldNotBeNull());
        (await visitor.SendForm(reset, ("password", AppFlows.NewPassword))).ShouldBeOk();
        await app.Login("ann@example.com", AppFlows.NewPassword);

        using var developer = await Operator(nodes.Proxy);
        await developer.Submit($"{Base}/portal/forgot", "forgot", ("email", Email));
        var mail = (await PortalAccount.LastMailTo(nodes.Proxy, Email)).ShouldNotBeNull();
        mail.Body.Subject.ShouldEndWith($"{nodes.Proxy.Address.Authority}{Base}");
        var mailed = await PortalAccount.LastLinkTo(nodes.Proxy, Email);
        mailed.ShouldStartWith($"{Base}/portal/reset?token=");
        (await developer.Submit(mailed, "reset", ("password", "another harbour lamp"))).Location.ShouldBe($"{Base}/portal/sign-in?reset=1");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_servers_and_tools_read_names_addresses_below_the_path(bool stripsPath)
    {
        await using var nodes = await NodesBehindNginx.StartBelow(await servers.NewInstallation(), Base, stripsPath);
        var (proxy, app) = (nodes.Proxy, await nodes.All[0].CreateApp());
        var issuer = $"{proxy.Address}auth/apps/{app.Id}";
        var discovery = (await proxy.Get(new Uri($"{issuer}/.well-known/openid-configuration").PathAndQuery)).ShouldBeOk();
        discovery.Json.GetProperty("issuer").GetString().ShouldBe(issuer);
        var keys = new Uri(discovery.Json.GetProperty("jwks_uri").GetString()!);
        keys.AbsolutePath.ShouldStartWith($"{Base}/apps/");
        (await proxy.Get(keys.PathAndQuery)).ShouldBeOk();

        var description = (await proxy.Get($"{Base}/openapi/v1.json")).ShouldBeOk().Json;
        description.GetProperty("servers")[0].GetProperty("url").GetString().ShouldBe($"{proxy.Address}auth");
        (await proxy.Get($"{Base}/docs")).Header("Location").ShouldBe("docs/index.html"); // relative to the request
        (await proxy.Get($"{Base}/docs/index.js")).ShouldBeOk().Text.ShouldContain("../openapi/v1.json"); // relative to the page

        var preflight = await proxy.Send(
            proxy.Request(
                HttpMethod.Options,
                $"{Base}/api/appuser/login",
                ("Origin", "https://app.example.com"),
                ("Access-Control-Request-Method", "POST")
            )
        );
        preflight.Header("Access-Control-Allow-Origin").ShouldBe("*");
        (await proxy.Get($"{Base}/portal/sign-in", ("Origin", "https://app.example.com")))
            .Header("Access-Control-Allow-Origin")
            .ShouldBeNull();
        (await proxy.Get($"{Base}/api/nothing")).ShouldFailWith(602, HttpStatusCode.NotFound);
        (await proxy.Get($"{Base}/portal/nothing")).Header("Content-Security-Policy").ShouldNotBeNull().ShouldContain("base-uri 'none'");
        (await proxy.Get($"{Base}/health/ready")).ShouldBeOk();
    }

    [Theory]
    [InlineData("/health/ready")]
    [InlineData("/auth/health/ready")]
    [InlineData("/Auth/health/ready")]
    [InlineData("//auth//health/ready")]
    [InlineData("/auth/openapi/v1.json")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/auth")]
    [InlineData("/auth/")]
    [InlineData("/")]
    public async Task Requests_arrive_with_the_path_and_without_it(string address)
    {
        var server = await servers.Start("--public-url", "https://example.com/auth/");
        (await server.Get(address)).ShouldBeOk();
        (await server.Get("/authority/health/ready")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await server.Get("/auth/auth/health/ready")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task On_https_the_cookies_are_secure_and_kept_from_other_paths_and_forms_of_other_sites_are_refused()
    {
        var server = await servers.Start("--public-url", "https://example.com/auth");
        (await server.Installation.RunWithInput(Password, CreateOperator)).ShouldSucceed();
        var visitor = new PortalClient(server) { Origin = "https://other.example.com" };
        (await visitor.SignIn(Email, Password)).Status.ShouldBe(HttpStatusCode.BadRequest);
        visitor.Origin = "https://example.com";
        var cookies = new[]
        {
            (await new PortalClient(server).Get("/portal/sign-in")).Header("Set-Cookie").ShouldNotBeNull(),
            (await visitor.SignIn(Email, Password)).Header("Set-Cookie").ShouldNotBeNull(),
        };
        cookies[0].ShouldStartWith("__Secure-latchkey-form=");
        cookies[1].ShouldContain("__Secure-latchkey=");
        foreach (var cookie in cookies.SelectMany(header => header.Split(", __")))
        {
            var attributes = cookie.ToLowerInvariant().Split("; ");
            attributes.ShouldContain("path=/auth");
            attributes.ShouldContain("secure");
            attributes.ShouldContain("httponly");
            attributes.ShouldContain("samesite=lax");
            attributes.ShouldNotContain(one => one.StartsWith("domain", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_path_that_begins_like_a_route_is_refused()
    {
        foreach (
            var first in MappedRoutes.All.Select(route => route.Pattern.Split('/')[1]).Append("docs").Distinct().Where(first => first != "")
        )
        {
            PathBase.Problem(new Uri($"https://example.com/{first}/auth")).ShouldNotBeNull(first);
        }

        PathBase.Problem(new Uri("https://example.com/my-apps/auth_1.2~x/")).ShouldBeNull();
        PathBase.Problem(new Uri("https://example.com/a;b")).ShouldNotBeNull();
        PathBase.Problem(new Uri("https://example.com/ü")).ShouldNotBeNull();
        PathBase.Problem(new Uri("https://example.com//auth")).ShouldNotBeNull();
    }

    private static readonly string[] CreateOperator = ["operator", "create", "--email", Email, "--name", "Ada", "--password-stdin"];

    /// <summary>An application with one of everything, which another server without limits made.</summary>
    private async Task<(Tenant Tenant, NodesBehindNginx Nodes)> StartWithTenant(bool stripsPath)
    {
        var installation = await servers.NewInstallation();
        var unlimited = await servers.StartOn(installation, ["--limits", "off"]);
        var tenant = await Tenant.Create(unlimited);
        (await unlimited.Stop()).ShouldBe(0);
        await installation.Execute("DELETE FROM limits");
        return (tenant, await NodesBehindNginx.StartBelow(installation, Base, stripsPath));
    }

    private static async Task<PortalVisitor> Operator(ServerProcess proxy)
    {
        (await proxy.Installation.RunWithInput(Password, CreateOperator)).ShouldSucceed();
        var visitor = PortalVisitor.Anonymous(proxy);
        var signedIn = await visitor.Submit($"{Base}/portal/sign-in", "sign-in", ("email", Email), ("password", Password));
        signedIn.Location.ShouldBe($"{Base}/portal/operator");
        return visitor;
    }

    private static IEnumerable<string> LinksOn(PortalResponse page, Uri at) => LinksOn(page.Html, at);

    /// <summary>Path and query of what a page links to, loads or sends to on its own host.</summary>
    private static IEnumerable<string> LinksOn(string html, Uri at) =>
        from element in new HtmlParser().ParseDocument(html).All
        from attribute in AddressAttributes
        let value = element.GetAttribute(attribute)
        where value is not null && !value.StartsWith("data:", StringComparison.Ordinal)
        let address = new Uri(at, value)
        where address.Authority == at.Authority
        select address.PathAndQuery;
}
