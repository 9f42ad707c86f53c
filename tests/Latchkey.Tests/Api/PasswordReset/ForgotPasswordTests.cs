namespace Latchkey.Tests.Api.PasswordReset;

/// <summary>forgotPassword: a code to the user's own address.</summary>
public sealed class ForgotPasswordTests(ServerFixture servers)
{
    private const string Una = "una@example.com";

    [Fact]
    public async Task A_code_is_mailed_to_the_address()
    {
        var app = await WithUna();
        (await app.ForgotPassword(" UNA@example.com")).ShouldBeTrue();
        var mail = (await app.Mails(Una))[0];
        mail.Kind.ShouldBe("resetPassword");
        mail.Text.ShouldContain(mail.Code!);
    }

    [Fact]
    public async Task By_user_name_the_code_goes_to_the_users_address()
    {
        var app = await WithUna("userNamesEnabled=1");
        (await (await app.Login(Una)).Post("setUserName", new { userName = "una" })).ShouldBeTrue();
        (await app.ForgotPassword("UNA")).ShouldBeTrue();
        (await app.Mails(Una))[0].Kind.ShouldBe("resetPassword");
        (await app.ResetPassword("una", await app.LastCodeFor(Una))).ShouldBeTrue();
        await app.Login(Una, AppFlows.NewPassword);
    }

    [Fact]
    public async Task User_names_need_their_switch()
    {
        var app = await WithUna();
        (await app.ForgotPassword("una")).ShouldFailWith(606);
        (await app.ResetPassword("una", "111111")).ShouldFailWith(606);
    }

    [Fact]
    [Covers(603)]
    public async Task An_unknown_handle_or_user_name_has_no_account()
    {
        var app = await WithUna("userNamesEnabled=1", "anonymousLoginEnabled=1");
        await app.LoginAnonymous("ANON_1");
        (await app.ForgotPassword("nobody@example.com")).ShouldFailWith(603);
        (await app.ForgotPassword("nobody")).ShouldFailWith(603);
        (await app.ForgotPassword("ANON_1")).ShouldFailWith(603);
        (await app.AllMails()).ShouldNotContain(mail => mail.Kind == "resetPassword");
    }

    [Fact]
    public async Task An_application_that_hides_accounts_answers_everyone_alike()
    {
        var app = await WithUna("userNamesEnabled=1");
        await app.Set("signupFlow=code", "hideAccountExistence=1");
        var replies = new[]
        {
            await app.ForgotPassword(Una),
            await app.ForgotPassword("nobody@example.com"),
            await app.ForgotPassword("nobody"),
        };
        foreach (var reply in replies)
        {
            reply.ShouldBeTrue();
        }

        (await app.Mails(Una))[0].Kind.ShouldBe("resetPassword");
        (await app.AllMails()).Select(mail => mail.To).Distinct().ShouldBe([Una]);
    }

    [Fact]
    public async Task An_access_token_serves_in_place_of_the_app_token_even_of_an_ended_session()
    {
        var app = await WithUna();
        var una = await app.Login(Una);
        (await una.Post("logout", new { })).ShouldBeTrue();
        (await una.Post("forgotPassword", new { handle = Una })).ShouldBeTrue();
        (
            await una.Post(
                "resetPassword",
                new
                {
                    handle = Una,
                    password = AppFlows.NewPassword,
                    code = await app.LastCodeFor(Una),
                }
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task One_address_gets_one_code_a_minute_however_it_is_named()
    {
        var app = await servers.Main.CreateApp("userNamesEnabled=1", "signupFlow=none");
        var una = await app.CreateUser(Una);
        (await una.Post("setUserName", new { userName = "una" })).ShouldBeTrue();
        (await app.ForgotPassword(Una)).ShouldBeTrue();
        (await app.ForgotPassword(Una)).ShouldBeRateLimited();
        (await app.ForgotPassword("una")).ShouldBeRateLimited();
        (await app.Mails(Una)).Count(mail => mail.Kind == "resetPassword").ShouldBe(1);
    }

    [Fact]
    public async Task Where_accounts_are_hidden_the_second_way_to_name_an_address_is_silent()
    {
        var app = await servers.Main.CreateApp("userNamesEnabled=1", "signupFlow=none");
        var una = await app.CreateUser(Una);
        (await una.Post("setUserName", new { userName = "una" })).ShouldBeTrue();
        await app.Set("signupFlow=code", "hideAccountExistence=1");
        (await app.ForgotPassword(Una)).ShouldBeTrue();
        (await app.ForgotPassword("una")).ShouldBeTrue(); // 700 would tell whose name it is
        (await app.Mails(Una)).Count(mail => mail.Kind == "resetPassword").ShouldBe(1);
    }

    [Theory]
    [InlineData("forgotPassword")]
    [InlineData("signup")]
    public async Task Where_accounts_are_hidden_asking_by_name_does_not_tell_whose_address_it_is(string function)
    {
        var app = await servers.Main.CreateApp("userNamesEnabled=1", "signupFlow=none");
        (await (await app.CreateUser(Una)).Post("setUserName", new { userName = "una" })).ShouldBeTrue();
        await app.Set("signupFlow=code", "hideAccountExistence=1");
        (await app.ForgotPassword("una")).ShouldBeTrue();
        await app.WaitForDeferredWork(); // what is asked later may be worked off first
        foreach (var address in new[] { Una, "nobody@example.com" })
        {
            (await app.Post(function, new { handle = address, password = App.Password })).ShouldBeTrue();
            (await app.Post(function, new { handle = address, password = App.Password })).ShouldBeRateLimited();
            (await app.Post(function, new { handle = $"sent to|{address}", password = App.Password })).Code.ShouldNotBe(700);
        }

        (await app.MailKinds(Una)).ShouldBe(["signUpSuccess", "resetPassword"]); // one a minute, as ever
        (
            await app.Installation.Query<long>(
                "SELECT SUM(count) FROM audit WHERE app_id = @Id AND action = @function AND handle = @Una AND code = 700",
                new
                {
                    app.Id,
                    function,
                    Una,
                }
            )
        ).ShouldBe(2); // also what nobody was told
    }

    private async Task<App> WithUna(params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateApp(["signupFlow=none", .. settings]);
        await app.CreateUser(Una);
        return app;
    }
}
