using System.Net;
using Latchkey.Tests.Api.TwoFactor;
using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>The link of a login code: it signs in only the app that asked, and elsewhere shows the code and who asked.</summary>
public sealed class LoginCodeLinkTests(ServerFixture servers)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task It_signs_in_the_app_that_asked()
    {
        var app = await WithAnn();
        var request = await app.BeginCodeLogin();
        var token = await app.LastLinkTokenFor();
        app.ParseTokens(await request.Complete(token)).ShouldHaveProved("1", "mail");
        (await request.Complete(token)).ShouldFailWith(731);
        (await request.Complete(await app.LastCodeFor(Ann))).ShouldFailWith(731); // one request, one login
    }

    [Fact]
    public async Task With_the_request_token_of_another_request_it_is_refused_and_counted()
    {
        var app = await WithAnn();
        var owner = await app.BeginCodeLogin();
        var token = await app.LastLinkTokenFor();
        var thief = await app.WithAddress("127.0.0.7").BeginCodeLogin();
        var thiefsOwn = await app.LastLinkTokenFor();
        for (var i = 0; i < 5; i++)
        {
            (await thief.Complete(token)).ShouldFailWith(600);
        }

        (await thief.Complete(thiefsOwn)).ShouldFailWith(731); // out of attempts
        (await app.CountSessions()).ShouldBe(1); // of the signup
        (await owner.Complete(token)).ShouldBeOk();
    }

    [Fact]
    public async Task Opened_elsewhere_it_shows_the_code_and_who_asked_from_where_and_when()
    {
        var app = await WithAnn();
        var asked = await app.WithAddress("127.0.0.9")
            .PostRaw(
                "loginCode",
                System.Net.Http.Json.JsonContent.Create(new { handle = Ann }),
                ("app-token", app.Token),
                ("User-Agent", Firefox)
            );
        var mail = (await app.Mails(Ann))[0];
        var page = await app.OpenLink(mail.Link!);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain(mail.Code!);
        page.Text.ShouldContain("Firefox on Linux");
        page.Text.ShouldContain("127.0.0.9");
        page.Text.ShouldContain($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
        page.Text.ShouldContain("Do not tell this code to anybody");
        page.Text.ShouldNotContain("<script");
        page.Text.ShouldNotContain("<form");
        page.Header("Cache-Control").ShouldBe("no-store");
        page.Header("Referrer-Policy").ShouldBe("no-referrer");
        (await CodeRequest.Parse(app, Ann, asked).Complete(mail.Code!)).ShouldBeOk();
    }

    [Fact]
    public async Task Scanners_that_open_it_change_nothing_and_get_no_session()
    {
        var app = await WithAnn();
        var request = await app.BeginCodeLogin();
        var link = (await app.Mails(Ann))[0].Link!;
        var before = await DatabaseSnapshot.OfApplication(app.Installation, app.Id);
        for (var i = 0; i < 20; i++)
        {
            var page = await app.WithAddress($"127.0.0.{i + 20}").OpenLink(link);
            page.ShouldBeOk().Header("Set-Cookie").ShouldBeNull();
        }

        (await DatabaseSnapshot.OfApplication(app.Installation, app.Id)).ShouldBe(before);
        (await request.Complete(TokenOf(link))).ShouldBeOk();
    }

    [Fact]
    public async Task A_used_or_altered_link_says_what_to_do()
    {
        var app = await WithAnn();
        var request = await app.BeginCodeLogin();
        var link = (await app.Mails(Ann))[0].Link!;
        (await request.Complete(TokenOf(link))).ShouldBeOk();
        foreach (var dead in new[] { link, link.Replace("&code=", "&code=1", StringComparison.Ordinal) })
        {
            var page = await app.OpenLink(dead);
            page.Status.ShouldBe(HttpStatusCode.BadRequest);
            page.Text.ShouldContain("ask for a new one");
        }
    }

    [Fact]
    public async Task The_page_speaks_the_language_of_the_mail()
    {
        var app = await WithAnn("signupByCode=1", "locales=EN,AR");
        (await app.AskForCode("new@example.com", locale: "AR")).ShouldBeOk();
        var page = await app.OpenLink((await app.Mails("new@example.com"))[0].Link!);
        page.Text.ShouldContain("<html lang=\"ar\" dir=\"rtl\">");
    }

    [Fact]
    public async Task A_link_of_ones_own_leads_to_the_app()
    {
        var app = await WithAnn("loginLinkUrl=https://app.example.com/login?from=mail");
        var request = await app.BeginCodeLogin();
        var link = new Uri((await app.Mails(Ann))[0].Link!);
        link.GetLeftPart(UriPartial.Path).ShouldBe("https://app.example.com/login");
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(link.Query);
        query["from"].ToString().ShouldBe("mail");
        query["handle"].ToString().ShouldBe(Ann);
        (await request.Complete(query["token"].ToString())).ShouldBeOk();
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JavaScript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("vbscript:x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("intent://x#Intent;end")]
    [InlineData("http://app.example.com/login")]
    [InlineData("https://user@app.example.com/login")]
    [InlineData("https://app.example.com/login#part")]
    [InlineData("https://app.example.com/\"onclick=x")]
    [InlineData("https://app.example.com/a b")]
    [InlineData("//app.example.com/login")]
    [InlineData("/login")]
    [InlineData("app")]
    public async Task A_link_that_could_run_or_leak_something_is_refused(string url)
    {
        var app = await WithAnn();
        (await app.Installation.Run("app", "set", app.Id, $"loginLinkUrl={url}")).ShouldFail("loginLinkUrl");
    }

    [Theory]
    [InlineData("https://app.example.com")]
    [InlineData("com.example.app:/login")]
    [InlineData("myapp://login")]
    [InlineData("http://localhost:3000/login")]
    [InlineData("")]
    public async Task Addresses_that_an_app_can_catch_are_taken(string url)
    {
        var app = await WithAnn();
        (await app.Installation.Run("app", "set", app.Id, $"loginLinkUrl={url}")).ShouldSucceed();
    }

    private async Task<App> WithAnn(params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes(settings);
        await app.CreateUserByCode(Ann);
        return app;
    }
}
