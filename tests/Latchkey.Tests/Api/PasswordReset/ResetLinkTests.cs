using System.Buffers.Text;
using System.Web;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Api.PasswordReset;

/// <summary>The link of a reset mail, and the page behind it.</summary>
public sealed class ResetLinkTests(ServerFixture servers)
{
    private const string Una = "una@example.com";

    [Fact]
    public async Task Opening_the_link_shows_a_form_and_consumes_nothing()
    {
        var (app, link) = await Asked();
        var page = await app.OpenLink(link);
        for (var i = 0; i < 10; i++)
        {
            page = (await app.OpenLink(link)).ShouldBeOk();
            page.Header("Cache-Control").ShouldBe("no-store");
            page.Header("Referrer-Policy").ShouldBe("no-referrer");
            var form = new HtmlParser().ParseDocument(page.Text);
            form.QuerySelectorAll("button").Length.ShouldBe(1);
            form.QuerySelectorAll("input[type=password]").Length.ShouldBe(1);
        }

        (await app.TryLogin(Una)).ShouldBeOk();
        var done = (await app.SendForm(page, ("password", AppFlows.NewPassword))).ShouldBeOk();
        done.Text.ShouldContain("Your password was changed");
        done.Text.ShouldNotContain("access-token");
        (await app.TryLogin(Una)).ShouldFailWith(600);
        await app.Login(Una, AppFlows.NewPassword);
    }

    [Fact]
    public async Task The_link_works_once_and_uses_the_codes_up()
    {
        var (app, link) = await Asked();
        var (page, code) = (await app.OpenLink(link), await app.LastCodeFor(Una));
        (await app.SendForm(page, ("password", AppFlows.NewPassword))).ShouldBeOk();
        (await app.SendForm(page, ("password", "another good password"))).Text.ShouldContain("no longer valid");
        (await app.ResetPassword(Una, code)).ShouldFailWith(602);
        await app.Login(Una, AppFlows.NewPassword);
    }

    [Fact]
    public async Task No_guessing_ends_the_link()
    {
        var (app, link) = await Asked();
        for (var i = 0; i < 30; i++)
        {
            (await app.WithAddress($"127.61.0.{1 + (i / 5)}").ResetPassword(Una, "000000")).Code.ShouldBeOneOf(602, 700);
            (await app.ResetPassword(Una, "000000")).Code.ShouldBeOneOf(602, 700);
        }

        var stranger = app.WithAddress("127.61.1.1");
        (await stranger.ResetPassword(Una, await app.LastCodeFor(Una))).ShouldBeRateLimited();
        (await stranger.SendForm(await stranger.OpenLink(link), ("password", AppFlows.NewPassword))).ShouldBeOk();
        await app.Login(Una, AppFlows.NewPassword);
    }

    [Fact]
    public async Task A_weak_password_is_asked_for_again_and_costs_nothing()
    {
        var (app, link) = await Asked();
        foreach (var weak in new[] { "short", "password1" })
        {
            var again = await app.SendForm(await app.OpenLink(link), ("password", weak));
            ((int)again.Status).ShouldBe(400);
            again.Text.ShouldContain("too easy to guess");
            (await app.SendForm(again, ("password", "no"))).Text.ShouldContain("too easy to guess");
        }

        (await app.SendForm(await app.OpenLink(link), ("password", AppFlows.NewPassword))).ShouldBeOk();
    }

    [Theory]
    [InlineData("md5")]
    [InlineData("both")]
    [InlineData("plain")]
    public async Task The_page_sets_what_the_applications_clients_would_send(string format)
    {
        var (app, link) = await Asked();
        await app.Set($"passwordFormat={format}");
        (await app.SendForm(await app.OpenLink(link), ("password", AppFlows.NewPassword))).ShouldBeOk();
#pragma warning disable CA5351 // what the SDKs send
        var md5 = Convert.ToHexStringLower(
            System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(AppFlows.NewPassword))
        );
#pragma warning restore CA5351
        await app.Login(Una, format == "plain" ? AppFlows.NewPassword : md5);
    }

    [Fact]
    public async Task The_link_is_in_both_parts_of_the_mail_and_carries_more_than_128_bits()
    {
        var (app, link) = await Asked();
        var mail = (await app.Mails(Una))[0];
        mail.Text.ShouldContain(link);
        mail.Code.ShouldNotBeNull();
        var token = HttpUtility.ParseQueryString(new Uri(link).Query)["code"]!;
        Base64Url.DecodeFromChars(token).Length.ShouldBe(32);
        await app.ForgetMessages();
        (await app.ForgotPassword(Una)).ShouldBeTrue();
        HttpUtility.ParseQueryString(new Uri((await app.Mails(Una))[0].Link!).Query)["code"]!.ShouldNotBe(token);
    }

    [Fact]
    public async Task Apps_may_send_the_links_token_as_the_code()
    {
        var (app, link) = await Asked();
        (await app.ResetPassword(Una, HttpUtility.ParseQueryString(new Uri(link).Query)["code"]!)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_link_of_another_user_or_application_sets_nothing()
    {
        var (app, link) = await Asked();
        await app.CreateUserByCode("bob@example.com");
        var token = HttpUtility.ParseQueryString(new Uri(link).Query)["code"]!;
        (await app.ResetPassword("bob@example.com", token)).ShouldFailWith(602);
        var (other, _) = await Asked();
        (await other.ResetPassword(Una, token)).ShouldFailWith(602);
        await app.Login(Una);
        await other.Login(Una);
    }

    [Fact]
    public async Task The_link_ends_with_its_code()
    {
        var (app, link) = await Asked();
        await app.Installation.Execute(
            "UPDATE user_codes SET expires_at = @at WHERE app_id = @Id",
            new { at = AppFlows.FromNow(-1), app.Id }
        );
        (await app.SendForm(await app.OpenLink(link), ("password", AppFlows.NewPassword))).Text.ShouldContain("no longer valid");
        await app.Login(Una);
    }

    [Fact]
    public async Task The_page_is_in_the_users_language()
    {
        var app = await servers.Main.CreateApp("locales=EN,DE");
        (await app.Signup(Una, locale: "DE")).ShouldBeTrue();
        app.ParseTokens(await app.Complete(Una, await app.LastCodeFor(Una)));
        await app.ForgetMessages();
        (await app.ForgotPassword(Una)).ShouldBeTrue();
        var page = await app.OpenLink((await app.Mails(Una))[0].Link!);
        page.Text.ShouldContain("lang=\"de\"");
        new HtmlParser().ParseDocument(page.Text).QuerySelector("h1")!.TextContent.ShouldBe("Wählen Sie ein neues Passwort");
    }

    [Fact]
    public async Task A_developers_reset_mails_a_link_too()
    {
        var app = await servers.Main.CreateApp();
        await app.CreateUserByCode(Una);
        await app.ForgetMessages();
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/resetPassword")).ShouldBeTrue();
        (await app.SendForm(await app.OpenLink((await app.Mails(Una))[0].Link!), ("password", AppFlows.NewPassword))).ShouldBeOk();
        await app.Login(Una, AppFlows.NewPassword);
    }

    private async Task<(App App, string Link)> Asked()
    {
        var app = await servers.Main.CreateApp("callsPerSecond=1000000");
        await app.CreateUserByCode(Una);
        await app.ForgetMessages();
        (await app.ForgotPassword(Una)).ShouldBeTrue();
        return (app, (await app.Mails(Una))[0].Link!);
    }
}
