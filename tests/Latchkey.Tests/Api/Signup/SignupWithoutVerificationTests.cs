namespace Latchkey.Tests.Api.Signup;

public sealed class SignupWithoutVerificationTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task The_user_is_there_at_once_and_welcomed()
    {
        var ann = await (await servers.Main.CreateApp("signupFlow=none")).CreateUser(Ann);
        (await ann.GetUser()).GetProperty("handle").GetString().ShouldBe(Ann);
        ann.Claims.GetProperty("email_verified").GetBoolean().ShouldBeFalse();
        (await ann.App.Mails(Ann)).Select(mail => mail.Kind).ShouldBe(["signUpSuccess"]);
        (await ann.App.Signup(Ann)).ShouldFailWith(601);
    }

    [Fact]
    [Covers(704)]
    public async Task A_full_application_takes_nobody_more()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "maxUsers=1", "anonymousLoginEnabled=1");
        await app.CreateUser(Ann);
        (await app.Signup("bob@example.com")).ShouldFailWith(704);
        (await app.Post("loginAnonymous", new { handle = "ANON_1" })).ShouldFailWith(704);
        (await app.Installation.RunWithInput("a password of bob", "user", "add", app.Id, "bob@example.com", "--password-stdin")).ShouldFail(
            "maximum"
        );
        await app.Set("signupFlow=code");
        (await app.Signup("bob@example.com")).ShouldFailWith(704);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
    }

    [Fact]
    public async Task A_signup_that_waits_is_refused_when_the_application_filled_up_meanwhile()
    {
        var app = await servers.Main.CreateApp("maxUsers=1");
        (await app.Signup(Ann)).ShouldBeTrue();
        await app.CreateUserByCode("bob@example.com");
        (await app.Complete(Ann, await app.LastCodeFor(Ann))).ShouldFailWith(704);
    }
}
