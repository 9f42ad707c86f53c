using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Latchkey.BrowserTests;

/// <summary>What is written into a template stays a text: its preview runs nothing and asks nobody for anything.</summary>
public sealed class TemplatePreviewTests(BrowserFixture installation)
{
    private const string Policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'";

    private static readonly string[] Hostile =
    [
        "<script>top.hit=1;fetch('/evil')</script>",
        "<img src=x onerror=\"top.hit=1\"><img src=\"/evil.png\"><img src=\"http://127.0.0.1:PORT/evil.png\">",
        "<meta http-equiv=refresh content=\"0;url=/portal/evil\">",
        "<meta http-equiv=Content-Security-Policy content=\"default-src *; script-src * 'unsafe-inline'\"><script>top.hit=1</script>",
        "<base href=\"http://127.0.0.1:PORT/\"><link rel=stylesheet href=evil.css><link rel=preload as=image href=evil.png>",
        "<form id=f action=\"/portal/evil\" method=post><input name=a autofocus "
            + "onfocus=\"top.hit=1\"><button>Go</button></form><script>f.submit()</script>",
        "<style>@import url('/evil.css'); body { background: url('/evil.png') } @font-face { font-family: e; src: "
            + "url('/evil.woff') } p { font-family: e }</style><p>x</p>",
        "<svg onload=\"top.hit=1\"><image href=\"/evil.png\"/><use href=\"/evil.svg#a\"/><script>top.hit=1</script></svg>",
        "<iframe src=\"/portal/evil\"></iframe><iframe srcdoc=\"<script>top.hit=1</script>\"></iframe><object "
            + "data=\"/evil\"></object><embed src=\"/evil\">",
        "<video src=\"/evil.mp4\" poster=\"/evil.png\" autoplay></video><audio src=\"/evil.mp3\" autoplay></audio>",
        "<a id=a href=\"javascript:top.hit=1\" ping=\"/evil\">x</a><details open ontoggle=\"top.hit=1\">x</details>",
        "</textarea></form><script>window.hit=1</script>",
        "</iframe><img src=x onerror=window.hit=1>",
    ];

    [Fact]
    public async Task hostile_html_runs_nothing_and_asks_for_nothing()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Hostile");
        var address = $"{app.Path}/templates/EN/signUp";
        var answered = new List<string>();
        page.Response += (_, response) => answered.Add(response.Url); // a request that the policy stops is announced, but never answered
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var port = ((IPEndPoint)elsewhere.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        foreach (var html in Hostile.Select(html => html.Replace("PORT", port, StringComparison.Ordinal)))
        {
            await page.GotoAsync(address);
            await page.GetByLabel("HTML", new() { Exact = true }).FillAsync($"<p>Before</p>{html}<p class=end>%CODE%</p>");
            await Assertions.Expect(page.Locator("#shown pre")).ToContainTextAsync("Before");
            await page.Locator("iframe.coming").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            (await page.FrameLocator("iframe").Locator("body").InnerTextAsync()).ShouldStartWith("Before", customMessage: html);
            await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByText("Saved. The next message uses it.")).ToBeVisibleAsync();
            (await page.FrameLocator("iframe").Locator("body").InnerTextAsync()).ShouldStartWith("Before", customMessage: html);
            (await page.EvaluateAsync<bool>("window.hit === undefined")).ShouldBeTrue(html);
            page.Url.ShouldContain(address, customMessage: html);
            using var stored = await installation.Get($"{address}/preview");
            Header(stored).ShouldBe(Policy);
        }

        elsewhere.Pending().ShouldBeFalse();
        answered.Count.ShouldBeGreaterThan(Hostile.Length);
        answered.Where(url => url.Contains("evil", StringComparison.Ordinal)).ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_draft_is_shown_in_the_sandbox_and_needs_its_token()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Draft");
        await page.Context.CloseAsync();
        var address = $"{app.Path}/templates/EN/signUp";
        var form = (await PortalForm.On(installation, address))
            .Single(form => form.Fields.GetValueOrDefault("_handler") == "template")
            .With("html", "<p>%CODE% %APP_NAME%</p>") with
        {
            Action = $"{address}/preview",
        };
        using var shown = await form.Send(installation, installation.Server.Url);
        shown.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(shown).ShouldBe(Policy);
        (await shown.Content.ReadAsStringAsync()).ShouldBe("<p>123456 Draft</p>");
        foreach (var refused in new[] { form.Without(PortalForm.TokenField), form with { Cookies = installation.SessionCookie } })
        {
            using var response = await refused.Send(installation, installation.Server.Url);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        using var foreign = await form.Send(installation, "https://evil.example");
        foreign.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var huge = await form.With("html", new string('x', 2 * 1024 * 1024)).Send(installation, installation.Server.Url);
        huge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var unsigned = await installation.Get($"{address}/preview", "");
        unsigned.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    private static string Header(HttpResponseMessage response) => response.Headers.GetValues("Content-Security-Policy").Single();
}
