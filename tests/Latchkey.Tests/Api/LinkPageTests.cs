using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Api;

/// <summary>The pages behind the links of mails that apps ask for: the look and the languages of the hosted pages.</summary>
public sealed class LinkPageTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    public static TheoryData<string> Locales => [.. Latchkey.Provider.Pages.PageLanguage.All.Select(language => language.Code)];

    [Theory]
    [MemberData(nameof(Locales))]
    public async Task Each_page_has_the_look_and_the_language_of_its_link(string locale)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=link", "emailCodeLogin=1", $"locales=EN,{locale}");
        (await app.Signup(Ann, locale: locale)).ShouldBeTrue();
        var confirm = Read(await app.OpenLink((await app.Mails(Ann))[0].Link!));
        ShouldHaveTheLook(confirm, locale);
        (await app.SendForm(await app.OpenLink((await app.Mails(Ann))[0].Link!))).ShouldBeOk();
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        ShouldHaveTheLook(Read(await app.OpenLink((await app.Mails(Ann)).First(mail => mail.Kind == "resetPassword").Link!)), locale);
        (await app.Post("loginCode", new { handle = Ann })).ShouldBeOk();
        ShouldHaveTheLook(Read(await app.OpenLink((await app.Mails(Ann)).First(mail => mail.Kind == "loginCode").Link!)), locale);
        (await app.InviteByServer("bob@example.com", locale: locale)).ShouldBeTrue();
        ShouldHaveTheLook(Read(await app.OpenLink((await app.Mails("bob@example.com"))[0].Link!)), locale);
    }

    [Fact]
    public async Task A_dead_link_says_so_in_the_language_of_the_link_or_of_the_browser()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=link", "locales=EN,DE");
        (await app.Signup(Ann, locale: "DE")).ShouldBeTrue();
        var link = (await app.Mails(Ann))[0].Link!;
        (await app.SendForm(await app.OpenLink(link))).ShouldBeOk();
        var dead = await app.SendForm(await app.OpenLink(link), ("unused", "1"));
        Read(dead).QuerySelector("h1")!.TextContent.ShouldBe("Something went wrong");
        var german = app.Server.Request(
            HttpMethod.Get,
            $"/api/appuser/loginCode?appToken={app.Token}&handle={Ann}&code=x&locale=DE",
            ("Accept", "text/html")
        );
        var page = Read(await app.Server.Send(german, app.ClientAddress));
        ShouldHaveTheLook(page, "DE");
        page.Body!.TextContent.ShouldContain("Der Code wurde schon verwendet");
        var french = app.Server.Request(
            HttpMethod.Get,
            $"/api/appuser/resetPassword?appToken={app.Token}&handle={Ann}",
            ("Accept", "text/html"),
            ("Accept-Language", "xx, fr-CA;q=0.9, de;q=0.5")
        );
        Read(await app.Server.Send(french, app.ClientAddress))
            .QuerySelector("h1")!
            .TextContent.ShouldBe("Quelque chose n’a pas fonctionné");
    }

    [Fact]
    public async Task A_link_without_an_application_has_a_page_of_nobody()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var request = app.Server.Request(
            HttpMethod.Get,
            "/api/appuser/resetPassword?appToken=x&handle=x&code=x&locale=DE",
            ("Accept", "text/html")
        );
        var page = Read(await app.Server.Send(request, app.ClientAddress));
        page.QuerySelector("h1")!.TextContent.ShouldBe("Das hat nicht geklappt");
        page.QuerySelector("header.app").ShouldBeNull();
    }

    private static void ShouldHaveTheLook(IHtmlDocument page, string locale)
    {
        page.DocumentElement.GetAttribute("lang").ShouldBe(locale.ToLowerInvariant());
        page.DocumentElement.GetAttribute("dir").ShouldBe(locale == "AR" ? "rtl" : "ltr");
        page.QuerySelector("header.app .name")!.TextContent.ShouldBe("Demo");
        page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href").ShouldBe("/css/plain.css");
        page.QuerySelectorAll("h1").Length.ShouldBe(1);
        page.QuerySelectorAll("script, style, [style]").ShouldBeEmpty();
    }

    private static IHtmlDocument Read(Reply reply) => new HtmlParser().ParseDocument(reply.Text);
}
