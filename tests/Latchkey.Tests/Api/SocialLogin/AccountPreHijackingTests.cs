namespace Latchkey.Tests.Api.SocialLogin;

/// <summary>A stranger signs up with somebody's address and waits; then the owner comes. Nothing of the stranger's survives.</summary>
public sealed class AccountPreHijackingTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    private const string Owner = "owner@example.com";
    private const string StrangersPassword = "the stranger's horse";

    [Theory]
    [InlineData("google")]
    [InlineData("apple")]
    public async Task The_owner_comes_by_a_provider(string provider)
    {
        var app = await social.CreateApp();
        var code = await PendingSignup(app);
        var owner = app.ParseTokens(await app.SocialSignup(provider, social.Provider.Token(provider, Owner), Owner));
        (await app.Complete(Owner, code)).ShouldFailWith(601);
        (await app.TryLogin(Owner, StrangersPassword)).ShouldFailWith(600);
        (await owner.IsSignedIn()).ShouldBeTrue();
        (await owner.GetUser()).GetProperty("loginProvider").GetString().ShouldBe(provider);
    }

    [Fact]
    public async Task A_mailed_link_is_dead_too()
    {
        var app = await social.CreateApp("signupFlow=link");
        (await app.Signup(Owner, StrangersPassword)).ShouldBeTrue();
        var link = new Uri((await app.Mails(Owner))[0].Link!);
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Owner), Owner));
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(link.Query);
        (await app.Post("completeSignup", new { handle = Owner, code = query["code"].ToString() })).ShouldFailWith(601);
        (await app.TryLogin(Owner, StrangersPassword)).ShouldFailWith(600);
    }

    [Fact]
    public async Task The_owner_comes_by_invitation()
    {
        var app = await social.CreateApp();
        var code = await PendingSignup(app);
        (await app.InviteByServer(Owner)).ShouldBeTrue();
        app.ParseTokens(await app.Register(Owner, await app.LastCodeFor(Owner)));
        (await app.Complete(Owner, code)).ShouldFailWith(601);
        (await app.TryLogin(Owner, StrangersPassword)).ShouldFailWith(600);
        await app.Login(Owner);
    }

    [Fact]
    public async Task The_owner_comes_by_a_signup_of_its_own()
    {
        var app = await social.CreateApp();
        var strangers = await PendingSignup(app);
        (await app.Signup(Owner)).ShouldBeTrue();
        app.ParseTokens(await app.Complete(Owner, await app.LastCodeFor(Owner)));
        (await app.Complete(Owner, strangers)).ShouldFailWith(601);
        (await app.TryLogin(Owner, StrangersPassword)).ShouldFailWith(600);
    }

    [Fact]
    public async Task The_owner_comes_by_reset_where_addresses_are_not_verified()
    {
        var app = await social.CreateApp("signupFlow=none", "twoFactorVerification=google", "resetKeepsTwoFactor=1", "userNamesEnabled=1");
        var stranger = await app.CreateUser(Owner, StrangersPassword);
        (await stranger.Post("setUserName", new { userName = "mine" })).ShouldBeTrue();
        var authenticator = await stranger.EnableAuthenticator();
        var loginToken = await app.LoginToken(Owner, StrangersPassword);
        (await app.ForgotPassword(Owner)).ShouldBeTrue();
        (await app.ResetPassword(Owner, await app.LastCodeFor(Owner))).ShouldBeTrue();
        (await stranger.TryGetUser()).ShouldFailWith(405);
        (await app.LoginComplete(loginToken, authenticator.Code())).ShouldFailWith(600);
        (await app.TryLogin(Owner, StrangersPassword)).ShouldFailWith(600);
        (await app.TryLogin("mine", StrangersPassword)).ShouldFailWith(600);
        var owner = await app.Login(Owner, AppFlows.NewPassword);
        (await owner.GetUser()).GetProperty("twoFactorGoogleVerification").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_phone_number_left_pending_is_gone_after_the_reset()
    {
        var app = await social.CreateApp("signupFlow=none", "twoFactorVerification=phone");
        var stranger = await app.CreateUser(Owner, StrangersPassword);
        (await stranger.Post("setPhone", new { phone = "+4915112345678" })).ShouldBeTrue();
        var code = await app.LastCodeFor("+4915112345678");
        (await app.ForgotPassword(Owner)).ShouldBeTrue();
        (await app.ResetPassword(Owner, await app.LastCodeFor(Owner))).ShouldBeTrue();
        var owner = await app.Login(Owner, AppFlows.NewPassword);
        (await owner.Post("verifyPhone", new { code })).ShouldFailWith(602);
        (await owner.GetUser()).TryGetProperty("phone", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_strangers_anonymous_user_stays_apart_when_the_owner_completes_its_signup()
    {
        var app = await social.CreateApp("anonymousLoginEnabled=1");
        var stranger = await app.LoginAnonymous("ANON_1");
        (await app.Signup(Owner, StrangersPassword, upgrading: stranger)).ShouldBeTrue();
        var strangers = await app.LastCodeFor(Owner);
        (await app.Signup(Owner)).ShouldBeTrue();
        var owner = app.ParseTokens(await app.Complete(Owner, await app.LastCodeFor(Owner)));
        owner.Id().ShouldNotBe(stranger.Id());
        (await app.Complete(Owner, strangers)).ShouldFailWith(601);
        (await stranger.GetUser()).GetProperty("handle").GetString().ShouldBe("ANON_1");
    }

    private static async Task<string> PendingSignup(App app)
    {
        (await app.Signup(Owner, StrangersPassword)).ShouldBeTrue();
        return await app.LastCodeFor(Owner);
    }
}
