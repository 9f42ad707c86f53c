namespace Latchkey.BrowserTests;

public sealed class CookieTests(BrowserFixture installation)
{
    [Fact]
    public async Task on_loopback_the_cookies_are_http_only_and_lax()
    {
        var page = await installation.Anonymous();
        await page.SignIn();
        foreach (var name in new[] { "latchkey", "latchkey-form" })
        {
            var cookie = (await page.Context.CookiesAsync()).Single(one => one.Name == name);
            (cookie.HttpOnly, cookie.SameSite, cookie.Path, cookie.Expires).ShouldBe((true, SameSiteAttribute.Lax, "/", -1), name);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task on_https_the_cookies_are_secure_too_and_bound_to_the_host()
    {
        await using var server = await LatchkeyServer.Start("--public-url", "https://auth.example.com");
        using var shown = await installation.Http.GetAsync(new Uri(server.Url + server.SetupPath));
        shown.Headers.GetValues("Strict-Transport-Security").ShouldNotBeEmpty();
        var form = shown.Headers.GetValues("Set-Cookie").Single();
        form.ShouldStartWith("__Host-latchkey-form=");
        ShouldBeStrict(form);

        var html = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await shown.Content.ReadAsStringAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + server.SetupPath)
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["_handler"] = "setup",
                    [PortalForm.TokenField] = html.QuerySelector($"input[name={PortalForm.TokenField}]")!.GetAttribute("value")!,
                    ["name"] = "Ada",
                    ["email"] = BrowserFixture.Email,
                    ["password"] = BrowserFixture.Password,
                }
            ),
        };
        request.Headers.Add("Cookie", form.Split(';')[0]);
        request.Headers.Add("Origin", "https://auth.example.com");
        using var done = await installation.Http.SendAsync(request);
        var cookies = done.Headers.GetValues("Set-Cookie").ToList();
        cookies.Count(cookie => cookie.StartsWith("__Host-latchkey=", StringComparison.Ordinal)).ShouldBe(1);
        foreach (var cookie in cookies)
        {
            cookie.ShouldStartWith("__Host-");
            ShouldBeStrict(cookie);
        }
    }

    [Fact]
    public void no_key_files_are_left_in_the_home_folder() =>
        Directory.EnumerateFiles(installation.Server.DataFolder, "*.xml", SearchOption.AllDirectories).ShouldBeEmpty();

    private static void ShouldBeStrict(string cookie)
    {
        var attributes = cookie
            .Split(';')
            .Skip(1)
            .Select(one => one.Trim().ToLowerInvariant())
            .Where(one => !one.StartsWith("expires=", StringComparison.Ordinal))
            .ToList(); // one that is cleared says so
        attributes.ShouldBe(["path=/", "secure", "samesite=lax", "httponly"], ignoreOrder: true);
    }
}
