using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Api.SocialLogin;
using Latchkey.Tests.Api.TwoFactor;

namespace Latchkey.Tests.Api.Linking;

/// <summary>A way in is removed, by the user or for the user, but never the last one (security.md row 97).</summary>
public sealed class UnlinkTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task An_unlinked_account_signs_in_no_more()
    {
        var (app, ann) = await WithBoth();
        var other = app.ParseTokens(await app.SocialLogin("apple", social.Provider.Token("apple", Ann)));
        (await ann.Unlink("apple")).ShouldBeTrue();
        (await app.SocialLogin("apple", social.Provider.Token("apple", Ann))).ShouldFailWith(612);
        (await ann.LinkedAccounts()).ShouldBe([$"google {Ann}"]);
        (await app.MailKinds(Ann))[^1].ShouldBe("identityUnlinked");
        (await app.HasLogLine("unlink")).ShouldBeTrue();
        (await other.TryGetUser()).ShouldFailWith(405); // whoever signed in with it is signed out
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_of_a_password_goes_on()
    {
        var (app, ann) = await WithPassword();
        var other = await app.Login(Ann);
        (await ann.Unlink("google")).ShouldBeTrue();
        (await other.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task The_address_does_not_bring_back_the_account_that_the_user_signed_up_with()
    {
        var (app, ann) = await WithBoth();
        (await ann.Unlink("google")).ShouldBeTrue();
        (await app.SocialLogin("google", social.Provider.Token("google", Ann))).ShouldFailWith(611);
        (await ann.GetUser()).GetProperty("loginProvider").GetString().ShouldBe("apple");
        app.ParseTokens(await app.SocialLogin("apple", social.Provider.Token("apple", Ann))).Id().ShouldBe(ann.Id());
        var second = social.Provider.Token("google", "another@example.com");
        var other = app.ParseTokens(await app.SocialSignup("google", second, "another@example.com"));
        other.Id().ShouldNotBe(ann.Id());
    }

    [Fact]
    public async Task A_user_who_has_a_password_since_is_one_with_a_password_then()
    {
        var app = await social.CreateApp();
        var ann = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann));
        (await app.SendAsServer(HttpMethod.Post, $"users/{Ann}/resetPassword", new { password = App.Password })).ShouldBeTrue();
        ann = await app.Login(Ann);
        (await ann.Unlink("google")).ShouldBeTrue();
        (await ann.GetUser()).GetProperty("loginProvider").GetString().ShouldBe("");
        (await app.SocialLogin("google", social.Provider.Token("google", Ann))).ShouldFailWith(610);
        await app.Login(Ann);
    }

    [Fact]
    [Covers(719)]
    [Covers(742)]
    public async Task The_last_way_in_stays()
    {
        var (app, ann) = await WithBoth();
        (await ann.Post("unlink", new { id = "nothing" })).ShouldFailWith(742);
        (await ann.Unlink("apple")).ShouldBeTrue();
        (await ann.Unlink("google")).ShouldFailWith(719);
        app.ParseTokens(await app.SocialLogin("google", social.Provider.Token("google", Ann)));
        var id = await ann.LinkId("google");
        (await app.SendAsServer(HttpMethod.Delete, $"users/{Ann}/links/{id}")).ShouldFailWith(719);
        (await app.Installation.Run("user", "unlink", app.Id, Ann, id)).ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData("googleLoginEnabled=0")]
    [InlineData("googleClientId=")]
    public async Task A_way_that_leads_nowhere_does_not_count(string setting)
    {
        var app = await social.CreateApp();
        var ann = app.ParseTokens(await app.SocialSignup("apple", social.Provider.Token("apple", Ann), Ann));
        (await ann.Link("google", social.Provider.Token("google", Ann))).ShouldBeTrue();
        await app.Set(setting);
        (await ann.Unlink("apple")).ShouldFailWith(719);
        (await ann.Unlink("google")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_passkey_is_a_way_in_and_an_account_is_one_for_a_passkey()
    {
        var app = await social.CreateApp(PasskeyFlows.Settings);
        var ann = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann));
        using var phone = new SoftAuthenticator();
        var id = (await ann.AddPasskey(phone)).ShouldBeOk().Json.GetProperty("passkey").GetProperty("id").GetString();
        (await ann.Unlink("google")).ShouldBeTrue();
        (await ann.Links()).GetProperty("passkeys").GetInt32().ShouldBe(1);
        (await app.ForgotPassword(Ann)).ShouldBeTrue(); // not 612: Google is no way in any more
        (await app.MailKinds(Ann))[^1].ShouldBe("resetPassword");
        (await ann.Post("passkeyDelete", new { id })).ShouldFailWith(719);
        (await ann.Link("apple", social.Provider.Token("apple", Ann))).ShouldBeTrue();
        (await ann.Post("passkeyDelete", new { id })).ShouldBeTrue();
        (await ann.Unlink("apple")).ShouldFailWith(719);
    }

    [Fact]
    public async Task Two_who_remove_the_last_two_at_once_leave_one()
    {
        for (var round = 0; round < 10; round++)
        {
            var (_, ann) = await WithBoth();
            string[] ids = [await ann.LinkId("google"), await ann.LinkId("apple")];
            var replies = await AppFlows.SendInParallel(2, i => ann.Post("unlink", new { id = ids[i] }));
            replies.Count(reply => reply.Code is null).ShouldBe(1);
            (await ann.LinkedAccounts()).Length.ShouldBe(1);
        }
    }

    [Theory]
    [InlineData("server")]
    [InlineData("cli")]
    [InlineData("portal")]
    public async Task A_developer_unlinks_for_the_user(string by)
    {
        var (app, ann) = await WithPassword();
        var session = app.ParseTokens(await app.SocialLogin("google", social.Provider.Token("google", Ann)));
        var id = await ann.LinkId("google");
        switch (by)
        {
            case "server":
                (await app.SendAsServer(HttpMethod.Delete, $"users/{Ann}/links/{id}")).ShouldBeTrue();
                break;
            case "cli":
                (await app.Installation.Run("user", "unlink", app.Id, Ann, id)).ShouldSucceed();
                break;
            default:
                using (var editor = await PortalVisitor.Member(app, "editor"))
                {
                    var page = await editor.SubmitAndFollow(PageOf(app, ann), "unlink", ("link", id));
                    page.Text("main").ShouldContain("The account is removed, and the user was told by mail.");
                }

                break;
        }

        (await ann.LinkedAccounts()).ShouldBeEmpty();
        (await session.TryGetUser()).ShouldFailWith(405);
        (await app.MailKinds(Ann))[^1].ShouldBe("identityUnlinked");
        (await app.HasLogLine("unlink")).ShouldBeTrue();
    }

    [Fact]
    public async Task Servers_the_command_line_and_the_portal_see_the_ways_in()
    {
        var (app, ann) = await WithPassword();
        var server = (await app.SendAsServer(HttpMethod.Get, $"users/{Ann}/links")).ShouldBeOk().Json;
        var cli = (await app.Installation.Run("user", "links", app.Id, Ann, "--json")).ShouldSucceed().Json;
        cli.GetRawText().ShouldBe(server.GetRawText());
        (await ann.Links()).GetRawText().ShouldBe(server.GetRawText());
        var printed = (await app.Installation.Run("user", "links", app.Id, Ann)).ShouldSucceed().Output;
        printed.ShouldContain("password  yes");
        printed.ShouldContain(Ann);
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = (await viewer.Get(PageOf(app, ann))).Text("#links");
        page.ShouldContain("Google");
        page.ShouldNotContain("Remove");
        var other = await social.CreateApp();
        (await other.SendAsServer(HttpMethod.Get, $"users/{Ann}/links")).ShouldFailWith(603);
    }

    private static string PageOf(App app, LoggedInUser user) => $"/portal/applications/{app.Id}/users/{user.Id()}";

    /// <summary>A user who signed up with Google and linked Apple.</summary>
    private async Task<(App App, LoggedInUser Ann)> WithBoth()
    {
        var app = await social.CreateApp();
        var ann = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann));
        (await ann.Link("apple", social.Provider.Token("apple", Ann))).ShouldBeTrue();
        return (app, ann);
    }

    /// <summary>A user with a password who linked Google.</summary>
    private async Task<(App App, LoggedInUser Ann)> WithPassword()
    {
        var app = await social.CreateApp();
        var ann = await app.CreateUserByCode(Ann);
        (await ann.Link("google", social.Provider.Token("google", Ann))).ShouldBeTrue();
        return (app, ann);
    }
}
