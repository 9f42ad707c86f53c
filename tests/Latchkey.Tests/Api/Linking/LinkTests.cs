using Latchkey.Tests.Api.SocialLogin;
using Latchkey.Tests.Api.TwoFactor;

namespace Latchkey.Tests.Api.Linking;

/// <summary>A user links accounts of Apple and Google, and signs in with any of them (security.md rows 94 and 95).</summary>
public sealed class LinkTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    private const string Ann = "ann@example.com";
    private const string AtGoogle = "ann@gmail.example";

    [Fact]
    public async Task A_user_with_a_password_links_an_account_and_signs_in_with_it()
    {
        var (app, ann) = await WithAnn();
        (await ann.Link("google", social.Provider.Token("google", AtGoogle))).ShouldBeTrue();
        (await ann.LinkedAccounts()).ShouldBe([$"google {AtGoogle}"]);
        (await ann.Links()).GetProperty("password").GetBoolean().ShouldBeTrue();
        var again = await app.SocialLogin("google", social.Provider.Token("google", AtGoogle));
        app.ParseTokens(again).Id().ShouldBe(ann.Id());
        again.Json.GetProperty("handle").GetString().ShouldBe(Ann);
        (await app.Login(Ann)).Id().ShouldBe(ann.Id());
        (await ann.GetUser()).GetProperty("loginProvider").GetString().ShouldBe("");
    }

    [Theory]
    [InlineData("google", "apple")]
    [InlineData("apple", "google")]
    public async Task A_user_of_one_provider_links_the_other(string first, string second)
    {
        var app = await social.CreateApp();
        var ann = app.ParseTokens(await app.SocialSignup(first, social.Provider.Token(first, Ann), Ann));
        (await app.SocialLogin(second, social.Provider.Token(second, Ann))).ShouldFailWith(first == "apple" ? 611 : 612);
        (await ann.Link(second, social.Provider.Token(second, Ann))).ShouldBeTrue();
        foreach (var provider in new[] { first, second })
        {
            app.ParseTokens(await app.SocialLogin(provider, social.Provider.Token(provider, Ann))).Id().ShouldBe(ann.Id());
        }

        (await ann.LinkedAccounts()).ShouldBe([$"{first} {Ann}", $"{second} {Ann}"]);
        (await ann.GetUser()).GetProperty("loginProvider").GetString().ShouldBe(first);
    }

    [Fact]
    public async Task The_address_alone_links_nothing()
    {
        var (app, ann) = await WithAnn();
        (await app.SocialLogin("google", social.Provider.Token("google", Ann))).ShouldFailWith(610);
        (await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann)).ShouldFailWith(610);
        (await ann.LinkedAccounts()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_link_is_told_and_logged_and_a_repeated_one_is_not_told_again()
    {
        var (app, ann) = await WithAnn();
        var token = social.Provider.Token("google", AtGoogle);
        (await ann.Link("google", token)).ShouldBeTrue();
        (await ann.Link("google", token)).ShouldBeTrue();
        (await ann.Link("google", social.Provider.Token("google", AtGoogle))).ShouldBeTrue();
        var mail = (await app.Mails(Ann)).Where(one => one.Kind == "identityLinked").ShouldHaveSingleItem();
        mail.Text.ShouldContain("A Google account was linked");
        (await app.HasLogLine("link", "google")).ShouldBeTrue();
    }

    [Fact]
    public async Task Twenty_parallel_links_of_one_token_are_one()
    {
        var (app, ann) = await WithAnn();
        var token = social.Provider.Token("google", AtGoogle);
        var replies = await AppFlows.SendInParallel(20, _ => ann.Link("google", token));
        replies.ShouldAllBe(reply => reply.Code == null);
        (await app.MailKinds(Ann)).Count(kind => kind == "identityLinked").ShouldBe(1);
        (await ann.LinkedAccounts()).Length.ShouldBe(1);
    }

    [Fact]
    [Covers(741)]
    public async Task An_identity_of_another_user_is_refused_and_nobody_is_merged()
    {
        var (app, ann) = await WithAnn();
        var bob = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", AtGoogle), AtGoogle));
        (await ann.Link("google", social.Provider.Token("google", AtGoogle))).ShouldFailWith(741);
        (await ann.LinkedAccounts()).ShouldBeEmpty();
        app.ParseTokens(await app.SocialLogin("google", social.Provider.Token("google", AtGoogle))).Id().ShouldBe(bob.Id());
        (await app.MailKinds(Ann)).ShouldNotContain("identityLinked");
    }

    [Fact]
    public async Task Two_users_who_link_one_account_at_once_never_both_have_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var (app, ann) = await WithAnn();
            var bob = await app.CreateUser("bob@example.com");
            var replies = await AppFlows.SendInParallel(
                2,
                i => (i == 0 ? ann : bob).Link("google", social.Provider.Token("google", AtGoogle))
            );
            replies.Count(reply => reply.Code is null).ShouldBe(1);
            replies.Single(reply => reply.Code is not null).ShouldFailWith(741);
        }
    }

    [Fact]
    public async Task An_access_token_alone_is_not_enough()
    {
        var (app, ann) = await WithAnn("stepUpRequired=0");
        (await ann.Link("apple", social.Provider.Token("apple", Ann))).ShouldBeTrue();
        var id = await ann.LinkId("apple");
        await app.AgeProofs(minutes: 16);
        (await ann.Link("google", social.Provider.Token("google", AtGoogle))).ShouldFailWith(710);
        (await ann.Post("unlink", new { id })).ShouldFailWith(710);
        app.ParseTokens(await ann.Post("stepUp", new { password = App.Password }));
        (await ann.Link("google", social.Provider.Token("google", AtGoogle))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_linked_account_proves_who_the_user_is()
    {
        var (app, ann) = await WithAnn();
        (await ann.Link("google", social.Provider.Token("google", AtGoogle))).ShouldBeTrue();
        await app.AgeProofs(minutes: 16);
        (await ann.Post("stepUp", new { token = social.Provider.Token("google", "bob@example.com") })).ShouldFailWith(613);
        (await ann.Post("stepUp", new { token = social.Provider.Token("apple", AtGoogle) })).ShouldFailWith(613);
        app.ParseTokens(await ann.Post("stepUp", new { token = social.Provider.Token("google", AtGoogle) }));
        (await ann.Link("apple", social.Provider.Token("apple", Ann))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_links_once_and_a_used_one_links_nothing()
    {
        var (app, ann) = await WithAnn();
        var token = social.Provider.Token("google", AtGoogle);
        app.ParseTokens(await app.SocialSignup("google", token, AtGoogle));
        await app.Installation.Execute("DELETE FROM users WHERE app_id = @Id AND handle = @AtGoogle", new { app.Id, AtGoogle });
        (await ann.Link("google", token)).ShouldFailWith(613);
        (await ann.Link("google", "not.a.token")).ShouldFailWith(613);
        (await ann.Link("github", token)).ShouldFailWith(602);
        (await ann.LinkedAccounts()).ShouldBeEmpty();
    }

    [Fact]
    [Covers(740)]
    public async Task An_application_without_linking_has_the_contracts_ways_only()
    {
        var (app, ann) = await WithAnn();
        (await ann.Link("google", social.Provider.Token("google", AtGoogle))).ShouldBeTrue();
        await app.Set("linkingEnabled=0");
        (await ann.Link("apple", social.Provider.Token("apple", Ann))).ShouldFailWith(740);
        (await app.SocialLogin("google", social.Provider.Token("google", AtGoogle))).ShouldFailWith(610);
        (await ann.Post("stepUp", new { token = social.Provider.Token("google", AtGoogle) })).ShouldFailWith(613);
        (await ann.Unlink("google")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_provider_that_is_off_links_nothing()
    {
        var (_, ann) = await WithAnn("appleLoginEnabled=0");
        (await ann.Link("apple", social.Provider.Token("apple", Ann))).ShouldFailWith(415);
    }

    [Fact]
    public async Task An_anonymous_user_signs_up_instead()
    {
        var app = await social.CreateApp("anonymousLoginEnabled=1");
        var stranger = await app.LoginAnonymous("ANON_1");
        (await stranger.Link("google", social.Provider.Token("google", Ann))).ShouldFailWith(602);
        (await stranger.Links()).GetProperty("identities").GetArrayLength().ShouldBe(0);
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann, upgrading: stranger))
            .Id()
            .ShouldBe(stranger.Id());
    }

    [Fact]
    public async Task A_user_has_ten_accounts_at_most()
    {
        var (_, ann) = await WithAnn();
        for (var i = 0; i < 10; i++)
        {
            (await ann.Link("google", social.Provider.Token("google", $"{i}@example.com"))).ShouldBeTrue();
        }

        (await ann.Link("google", social.Provider.Token("google", AtGoogle))).ShouldFailWith(602);
    }

    [Fact]
    public async Task A_link_that_races_the_end_of_its_session_does_not_outlive_a_reset()
    {
        for (var round = 0; round < 20; round++)
        {
            var (app, thief) = await WithAnn();
            (await app.ForgotPassword(Ann)).ShouldBeTrue();
            var code = await app.LastCodeFor(Ann);
            var token = social.Provider.Token("google", AtGoogle);
            await Task.WhenAll(thief.Link("google", token), app.ResetPassword(Ann, code));
            // Nobody had proved the address before, so the thief's link goes with the rest.
            (await (await app.Login(Ann, AppFlows.NewPassword)).LinkedAccounts()).ShouldBeEmpty();
        }
    }

    private async Task<(App App, LoggedInUser Ann)> WithAnn(params string[] settings)
    {
        var app = await social.CreateApp(["signupFlow=none", .. settings]);
        return (app, await app.CreateUser(Ann));
    }
}
