using Latchkey.Tests.Api.TwoFactor;
using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>signupByCode: an unknown address becomes a user when the code is right.</summary>
public sealed class LoginCodeSignupTests(ServerFixture servers)
{
    private const string Field = """metaData=[{"path":"name","fieldName":"name","required":true}]""";

    [Fact]
    public async Task An_unknown_address_becomes_a_user_without_a_password()
    {
        var app = await WithSignup();
        var request = await app.BeginCodeLogin("New@example.com");
        (await app.CountUsers("new@example.com")).ShouldBe(0);
        (await request.Complete(App.WrongCodeFor(await app.LastCodeFor("new@example.com")))).ShouldFailWith(600);
        (await app.CountUsers("new@example.com")).ShouldBe(0);
        var user = app.ParseTokens(await request.Complete(await app.LastCodeFor("new@example.com")));
        user.ShouldHaveProved("1", "mail");
        (await user.GetUser()).GetProperty("handle").GetString().ShouldBe("new@example.com");
        (await app.MailKinds("new@example.com")).ShouldBe(["loginCode", "signUpSuccess"]);
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM users WHERE app_id = @Id AND email_verified = @yes AND password_hash IS NULL",
                new { app.Id, yes = true }
            )
        ).ShouldBe(1);
        (await app.TryLogin("new@example.com", "")).ShouldFailWith(403);
        (await app.TryLogin("new@example.com")).ShouldFailWith(600);
        (await app.LoginByCode("new@example.com")).Id().ShouldBe(user.Id());
    }

    [Fact]
    public async Task It_needs_both_switches()
    {
        var app = await WithSignup();
        var request = await app.BeginCodeLogin("new@example.com");
        await app.Set("signupEnabled=0");
        (await app.AskForCode("other@example.com")).ShouldFailWith(603);
        (await request.Complete(await app.LastCodeFor("new@example.com"))).ShouldFailWith(407);
        await app.Set("signupEnabled=1", "signupByCode=0");
        (await app.AskForCode("other@example.com")).ShouldFailWith(603);
        await app.Set("signupByCode=1");
        (await request.Complete(await app.LastCodeFor("new@example.com"))).ShouldBeOk();
    }

    [Fact]
    public async Task Required_fields_come_with_the_request_and_only_newcomers_need_them()
    {
        var app = await WithSignup();
        await app.CreateUserByCode(Ann);
        await app.Set(Field);
        await app.LoginByCode();
        (await app.AskForCode("new@example.com")).ShouldFailWith(604);
        (await app.AskForCode("new@example.com", metaData: "no JSON")).ShouldFailWith(604);
        (await app.AskForCode(metaData: """{"name":""}""")).ShouldFailWith(604); // known or not: it is wrong
        var request = await app.BeginCodeLogin("new@example.com", """{"name":"Neo"}""");
        var neo = app.ParseTokens(await request.Complete(await app.LastCodeFor("new@example.com")));
        neo.Claims.GetProperty("name").GetString().ShouldBe("Neo");
    }

    [Fact]
    public async Task An_anonymous_user_who_asks_stays_the_same_user()
    {
        var app = await WithSignup("anonymousLoginEnabled=1");
        var anonymous = await app.LoginAnonymous("ANON_1");
        var request = CodeRequest.Parse(app, Ann, await app.AskForCode(upgrading: anonymous));
        var ann = app.ParseTokens(await request.Complete(await app.LastCodeFor(Ann)));
        ann.Id().ShouldBe(anonymous.Id());
        (await anonymous.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_full_application_takes_nobody_more_and_lets_its_users_in()
    {
        var app = await WithSignup();
        await app.CreateUserByCode(Ann);
        var request = await app.BeginCodeLogin("early@example.com");
        await app.Set("maxUsers=1");
        (await app.AskForCode("new@example.com")).ShouldFailWith(704);
        (await request.Complete(await app.LastCodeFor("early@example.com"))).ShouldFailWith(704);
        await app.LoginByCode();
    }

    [Fact]
    public async Task Two_requests_of_one_newcomer_make_one_user_with_two_sessions()
    {
        var app = await WithSignup();
        var first = await app.BeginCodeLogin();
        var firstCode = await app.LastCodeFor(Ann);
        var second = await app.BeginCodeLogin();
        var secondCode = await app.LastCodeFor(Ann);
        var replies = await Task.WhenAll(first.Complete(firstCode), second.Complete(secondCode));
        replies.Select(reply => app.ParseTokens(reply).Id()).Distinct().Count().ShouldBe(1);
        (await app.CountUsers(Ann)).ShouldBe(1);
    }

    [Fact]
    public async Task A_strangers_signup_that_waits_for_its_code_is_over()
    {
        var app = await WithSignup();
        (await app.Signup(Ann, "the password of eve")).ShouldBeTrue();
        var strangers = await app.LastCodeFor(Ann);
        await app.LoginByCode();
        (await app.Complete(Ann, strangers)).ShouldFailWith(601);
        (await app.TryLogin(Ann, "the password of eve")).ShouldFailWith(600);
    }

    private async Task<App> WithSignup(params string[] settings) =>
        await (await servers.Unlimited()).CreateAppWithCodes(["signupByCode=1", .. settings]);
}
