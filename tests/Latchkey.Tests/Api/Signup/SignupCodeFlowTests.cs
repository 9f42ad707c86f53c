namespace Latchkey.Tests.Api.Signup;

public sealed class SignupCodeFlowTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task The_mailed_code_makes_the_user()
    {
        var app = await servers.Main.CreateApp();
        var ann = await app.CreateUserByCode(Ann);
        var user = await ann.GetUser();
        user.GetProperty("handle").GetString().ShouldBe(Ann);
        user.TryGetProperty("lastLogin", out _).ShouldBeFalse();
        ann.Claims.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task The_mail_names_the_app_the_time_and_the_client()
    {
        var app = await servers.Main.CreateApp();
        (await app.WithAddress("127.4.4.4").Signup(Ann)).ShouldBeTrue();
        var mail = (await app.Mails(Ann)).Single();
        mail.Kind.ShouldBe("signUp");
        mail.Code.ShouldNotBeNull().Length.ShouldBe(6);
        mail.Subject.ShouldContain(mail.Code);
        mail.Text.ShouldContain("Demo");
        mail.Text.ShouldContain("127.4.4.4");
        mail.Text.ShouldContain("UTC");
        mail.Html.ShouldContain(mail.Code);
    }

    [Fact]
    public async Task Completing_sends_the_welcome_mail()
    {
        var app = await servers.Main.CreateApp();
        await app.CreateUserByCode(Ann);
        (await app.Mails(Ann)).Select(mail => mail.Kind).ShouldBe(["signUpSuccess", "signUp"]);
    }

    [Fact]
    [Covers(608)]
    public async Task Login_waits_for_completion_and_tells_so_to_the_right_password_only()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        (await app.TryLogin(Ann)).ShouldFailWith(608);
        (await app.TryLogin(Ann, "another password")).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_wrong_code_or_handle_is_refused_and_changes_nothing()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        var code = await app.LastCodeFor(Ann);
        (await app.Complete(Ann, App.WrongCodeFor(code))).ShouldFailWith(602);
        (await app.Complete("bob@example.com", code)).ShouldFailWith(602);
        (await app.Complete(" ANN@Example.com ", code)).ShouldBeOk();
    }

    [Fact]
    [Covers(601)]
    public async Task A_used_code_is_refused()
    {
        var app = await servers.Main.CreateApp();
        await app.CreateUserByCode(Ann);
        var code = await app.LastCodeFor(Ann);
        (await app.Complete(Ann, code)).ShouldFailWith(601);
        (await app.Complete(Ann, App.WrongCodeFor(code))).ShouldFailWith(602);
    }

    [Fact]
    public async Task A_registered_handle_is_refused_in_every_spelling()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        await app.CreateUserByCode(Ann);
        (await app.Signup("  ANN@EXAMPLE.COM ")).ShouldFailWith(601);
        (await app.Signup("ａｎｎ@example.com")).ShouldFailWith(601);
    }

    [Fact]
    public async Task Each_request_keeps_its_own_code_password_and_metadata()
    {
        var app = await (await servers.Unlimited()).CreateApp("""metaData=[{"path":"name","fieldName":"name"}]""");
        (await app.Signup(Ann, "the first password", """{"name":"first"}""")).ShouldBeTrue();
        var first = await app.LastCodeFor(Ann);
        (await app.Signup(Ann, "the second password", """{"name":"second"}""")).ShouldBeTrue();
        var second = await app.LastCodeFor(Ann);

        app.ParseTokens(await app.Complete(Ann, first)).Claims.GetProperty("name").GetString().ShouldBe("first");
        (await app.TryLogin(Ann, "the second password")).ShouldFailWith(600);
        (await app.TryLogin(Ann, "the first password")).ShouldBeOk();
        (await app.Complete(Ann, second)).ShouldFailWith(601); // the first success ended the rest
    }

    [Fact]
    public async Task A_code_of_one_application_is_none_in_another()
    {
        var (one, other) = (await servers.Main.CreateApp(), await servers.Main.CreateApp());
        (await one.Signup(Ann)).ShouldBeTrue();
        (await other.Signup(Ann)).ShouldBeTrue();
        (await other.Complete(Ann, await one.LastCodeFor(Ann))).ShouldFailWith(602);
    }

    [Fact]
    public async Task Switching_signup_off_also_stops_what_is_pending()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        await app.Set("signupEnabled=0");
        (await app.Complete(Ann, await app.LastCodeFor(Ann))).ShouldFailWith(407);
        (await app.Signup("bob@example.com")).ShouldFailWith(407);
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("a@b@example.com")]
    [InlineData("@example.com")]
    [InlineData("ann@")]
    [InlineData("ann@exa mple.com")]
    [InlineData("\"ann x\"@example.com")]
    [InlineData("ann\r\nRCPT TO:<eve@example.com>@example.com")]
    [InlineData("ANON_1234")]
    public async Task A_handle_that_is_no_address_is_invalid_data(string handle)
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(handle)).ShouldFailWith(602);
        (await app.Signup(new string('a', 60) + "@" + string.Join('.', Enumerable.Repeat(new string('b', 60), 4)))).ShouldFailWith(602);
    }
}
