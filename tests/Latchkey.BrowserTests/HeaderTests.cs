using System.Net;
using System.Net.Sockets;
using AngleSharp.Html.Parser;

namespace Latchkey.BrowserTests;

public sealed class HeaderTests(BrowserFixture installation)
{
    private const string PortalPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-src 'self'; frame-ancestors 'none'";
    private const string PreviewPolicy =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'";

    [Fact]
    public async Task every_page_carries_the_security_headers_and_nobody_keeps_a_copy()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Headers");
        await page.Context.CloseAsync();
        foreach (var path in PageList.Of(app).Concat(PageList.Open))
        {
            using var response = await installation.Get(path);
            Header(response, "X-Content-Type-Options").ShouldBe("nosniff", path);
            Header(response, "Referrer-Policy").ShouldNotBeEmpty(path);
            Header(response, "Content-Security-Policy").ShouldContain("default-src 'none'", customMessage: path);
            Header(response, "Content-Security-Policy").ShouldContain("frame-ancestors 'none'", customMessage: path);
            Header(response, "Cache-Control").ShouldContain("no-store", customMessage: path);
            if (response.StatusCode == HttpStatusCode.OK && path.StartsWith("/portal", StringComparison.Ordinal))
            {
                Header(response, "Content-Security-Policy").ShouldBe(PortalPolicy, path);
                // Texts may speak of styles, as templates do
                var document = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
                document
                    .All.SelectMany(element => element.Attributes)
                    .Select(attribute => attribute.Name)
                    .Where(name => name == "style" || name.StartsWith("on", StringComparison.Ordinal))
                    .ShouldBeEmpty(path);
                document.QuerySelectorAll("style, script:not([src])").ShouldBeEmpty(path);
            }
        }
    }

    [Fact]
    public async Task every_page_has_a_title_of_its_own()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Titles");
        await page.AddField(app, "user_data.name");
        await page.SignUpUser(installation, app, "titles@example.com", """{"user_data":{"name":"T"}}""");
        await page.GotoAsync($"{app.Path}/users");
        var user = await page.Locator(".users tbody a").First.GetAttributeAsync("href");
        await page.Context.CloseAsync();
        string[] more = [user!, $"{user}/password", $"{user}/delete", $"{app.Path}/settings/metadata/fields/metaData?path=user_data.name"];
        var pages = PageList
            .Of(app)
            .Concat(PageList.Open.Where(path => path.StartsWith("/portal/", StringComparison.Ordinal)))
            .Where(path => !path.Contains('?', StringComparison.Ordinal))
            .Concat(more);
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in pages)
        {
            using var response = await installation.Get(path);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                var document = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
                document.Title.ShouldEndWith(" · Latchkey", customMessage: path);
                document.Title.ShouldNotBe(" · Latchkey", path);
                titles[path] = document.Title!;
            }
        }

        titles.Count.ShouldBeGreaterThan(50);
        titles
            .GroupBy(one => one.Value, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(" ", group.Select(one => one.Key))}")
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task a_mail_is_shown_in_a_sandbox()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Sandbox");
        await installation.Api(app.AppToken, "signup", new { handle = "sand@example.com", password = "a-password-of-mine-1" });
        await page.GotoAsync($"{app.Path}/mailbox");
        await page.Locator(".mails a").First.ClickAsync();
        var frame = page.Locator("iframe");
        await Assertions.Expect(frame).ToHaveAttributeAsync("sandbox", "");
        using var response = await installation.Get((await frame.GetAttributeAsync("src"))!);
        Header(response, "Content-Security-Policy").ShouldBe(PreviewPolicy);
        using var unsigned = await installation.Get((await frame.GetAttributeAsync("src"))!, "");
        unsigned.StatusCode.ShouldBe(HttpStatusCode.Found);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_click_through_page_sends_its_forms_here_and_nowhere_else()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Clicked");
        await installation.Server.Command("", "app", "set", app.Id, "signupFlow=link", "linkCompletes=get");
        await page.GotoAsync($"{app.Path}/templates/EN/clickThrough");
        await page.GetByLabel("HTML", new() { Exact = true })
            .FillAsync(
                $"<form action=\"http://{elsewhere.LocalEndpoint}/\"><button>Away</button></form><form "
                    + "action=\"/health/ready\"><button>Stay</button></form>"
            );
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Saved. The next message uses it.")).ToBeVisibleAsync();
        await installation.Api(app.AppToken, "signup", new { handle = "clicked@example.com", password = "a-password-of-mine-1" });

        var visitor = await installation.Anonymous();
        (await visitor.GotoAsync(await installation.MailedLink("clicked@example.com")))!
            .Headers["content-security-policy"]
            .ShouldBe("sandbox allow-forms; form-action 'self'; frame-ancestors 'none'");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Away" }).FocusAsync();
        await visitor.RunAndWaitForConsoleMessageAsync(
            () => visitor.Keyboard.PressAsync("Enter"),
            new() { Predicate = message => message.Text.Contains("form-action", StringComparison.Ordinal) }
        );
        await visitor.Keyboard.PressAsync("Tab"); // a press of the mouse would wait for the navigation that was stopped
        await visitor.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor).ToHaveURLAsync($"{installation.Server.Url}/health/ready?");
        elsewhere.Pending().ShouldBeFalse();
        await visitor.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task an_address_that_is_not_there_is_404_with_a_page_for_people_and_json_for_the_api()
    {
        foreach (
            var path in new[]
            {
                "/no-such-page",
                "/portal/no-such-page",
                "/portal/applications/00000000000000000000000000000000",
                "/portal/operator/mailbox/none",
            }
        )
        {
            using var response = await installation.Get(path);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            (await response.Content.ReadAsStringAsync()).ShouldContain("There is nothing at this address", customMessage: path);
        }

        using var api = await installation.Get("/api/appuser/noSuchFunction");
        (await api.Content.ReadAsStringAsync()).ShouldContain("\"code\":602");
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
