using System.Web;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Api.Invitations;

/// <summary>The link of an invitation, and the page behind it.</summary>
public sealed class InvitationLinkTests(ServerFixture servers)
{
    private const string Kim = "kim@example.com";

    [Fact]
    public async Task Opening_the_link_shows_a_form_and_consumes_nothing()
    {
        var (app, link) = await Invited();
        for (var i = 0; i < 10; i++)
        {
            var form = new HtmlParser().ParseDocument((await app.OpenLink(link)).ShouldBeOk().Text);
            form.QuerySelectorAll("input[type=password]").Length.ShouldBe(1);
        }

        (await app.CountUsers(Kim)).ShouldBe(0);
        var done = (await app.SendForm(await app.OpenLink(link), ("password", App.Password))).ShouldBeOk();
        done.Text.ShouldNotContain("access-token");
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
        await app.Login(Kim);
        (await app.SendForm(await app.OpenLink(link), ("password", App.Password))).Text.ShouldContain("601");
    }

    [Fact]
    public async Task No_guessing_ends_the_link()
    {
        var (app, link) = await Invited();
        for (var i = 0; i < 30; i++)
        {
            (await app.WithAddress($"127.62.0.{1 + (i / 5)}").Register(Kim, "000000")).Code.ShouldBeOneOf(602, 700);
        }

        var kim = app.WithAddress("127.62.1.1");
        (await kim.Register(Kim, await app.LastCodeFor(Kim))).ShouldBeRateLimited();
        (await kim.SendForm(await kim.OpenLink(link), ("password", App.Password))).ShouldBeOk();
        await kim.Login(Kim);
    }

    [Fact]
    public async Task The_page_asks_for_what_the_application_requires()
    {
        var (app, link) = await Invited();
        await app.Set("""metaData=[{"path":"user.name","fieldName":"name","required":true},{"path":"nick","fieldName":"nick"}]""");
        var page = await app.OpenLink(link);
        page.Text.ShouldNotContain("metaData.nick");
        (await app.SendForm(page, ("password", App.Password))).Text.ShouldContain("604");
        var again = await app.SendForm(page, ("password", "short"), ("metaData.user.name", "Kim & Co"));
        new HtmlParser()
            .ParseDocument(again.Text)
            .QuerySelector("input[name='metaData.user.name']")!
            .GetAttribute("value")
            .ShouldBe("Kim & Co");
        (await app.SendForm(again, ("password", App.Password))).ShouldBeOk();
        var metaData = (await (await app.Login(Kim)).GetUser()).GetProperty("metaData");
        metaData.GetProperty("user").GetProperty("name").GetString().ShouldBe("Kim & Co");
    }

    [Fact]
    public async Task Sending_it_again_gives_a_new_link_and_ends_the_old_one()
    {
        var (app, link) = await Invited();
        using var portal = await PortalVisitor.Member(app, "owner");
        await app.ForgetMessages();
        var id = await app.Installation.Query<string>("SELECT id FROM invitations WHERE app_id = @Id", new { app.Id });
        await portal.Submit($"/portal/applications/{app.Id}/users/invitations/{id}", "resend");
        var renewed = (await app.Mails(Kim))[0].Link!;
        renewed.ShouldNotBe(link);
        (await app.Register(Kim, Token(link))).ShouldFailWith(602);
        (await app.Register(Kim, Token(renewed))).ShouldBeOk();
    }

    [Fact]
    public async Task The_page_is_closed_while_invitations_are_off()
    {
        var (app, link) = await Invited();
        await app.Set("invitationEnabled=0");
        (await app.OpenLink(link)).Text.ShouldContain("406");
        (await app.Register(Kim, Token(link))).ShouldFailWith(406);
    }

    private static string Token(string link) => HttpUtility.ParseQueryString(new Uri(link).Query)["code"]!;

    private async Task<(App App, string Link)> Invited()
    {
        var app = await servers.Main.CreateApp("callsPerSecond=1000000");
        (await app.InviteByServer(Kim)).ShouldBeTrue();
        return (app, (await app.Mails(Kim))[0].Link!);
    }
}
