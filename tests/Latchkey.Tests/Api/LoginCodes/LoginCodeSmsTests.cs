using Latchkey.Tests.Api.TwoFactor;
using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>Login codes by SMS, to a verified number.</summary>
public sealed class LoginCodeSmsTests(ServerFixture servers)
{
    [Theory]
    [InlineData(Number)]
    [InlineData("14155550101")]
    public async Task A_verified_number_signs_in(string typed)
    {
        var app = await (await servers.Unlimited()).CreateAppWithPhone();
        var request = await app.BeginCodeLogin(typed);
        var sms = (await app.Mails(Number))[0];
        sms.Kind.ShouldBe("loginCodeSms");
        sms.Text.ShouldBe($"{sms.Code} is your code to sign in to Demo. If you did not ask for it, ignore it and tell it to nobody.");
        var ann = app.ParseTokens(await request.Complete(sms.Code!));
        ann.ShouldHaveProved("1", "sms");
        (await ann.GetUser()).GetProperty("handle").GetString().ShouldBe(Ann);
        (await app.HasLogLine("loginCode", "by SMS")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_number_that_nobody_has_verified_gets_none()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPhone("signupByCode=1");
        var bob = await app.CreateUserByCode("bob@example.com");
        (await bob.Post("setPhone", new { phone = "+14155550102" })).ShouldBeTrue();
        (await app.AskForCode("+14155550102")).ShouldFailWith(603);
        (await app.AskForCode("+14155550103")).ShouldFailWith(603); // signupByCode is for addresses
        (await app.AllMails()).ShouldNotContain(mail => mail.Kind == "loginCodeSms");
    }

    [Fact]
    public async Task A_code_to_the_old_number_is_worth_nothing()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPhone();
        var request = await app.BeginCodeLogin(Number);
        var code = await app.LastCodeFor(Number);
        await (await app.Login(Ann)).VerifyPhone("+14155550102");
        (await request.Complete(code)).ShouldFailWith(731);
        var bob = await app.CreateUserByCode("bob@example.com");
        await bob.VerifyPhone(Number);
        (await request.Complete(code)).ShouldFailWith(731); // nor does it open the account of who has the number now
    }

    [Fact]
    public async Task A_template_of_ones_own_can_have_the_link_and_what_follows_it_signs_in()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPhone("loginLinkUrl=com.example.app:/login");
        await app.Installation.Execute(
            "INSERT INTO templates (app_id, locale, kind, subject, reply_to, html, link_text, updated_at) VALUES (@Id, 'EN', "
                + "'loginCodeSms', '', '', '%CODE% %LINK%', '', 1)",
            new { app.Id }
        );
        await app.Set("googleHeading=x"); // the server reads the template
        var request = await app.BeginCodeLogin(Number);
        var sms = (await app.Mails(Number))[0];
        var link = $"com.example.app:/login?token={sms.Code}";
        sms.Text.ShouldStartWith($"{sms.Code} {link}");
        sms.Text.ShouldEndWith("&handle=%2B14155550101");
        var token = sms.Text.Split("token=")[1].Split('&')[0];
        (await request.Complete(token)).ShouldBeOk();
    }

    [Fact]
    public async Task Strangers_who_ask_leave_SMS_to_others_and_to_second_factors()
    {
        var app = await (await servers.Start()).CreateAppWithPhone("secondFactorPolicy=optional", "secondFactors=authenticator,sms");
        var ann = await app.Login(Ann);
        var authenticator = await ann.EnableAuthenticator();
        (await (await ann.StepUpWith(authenticator)).Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldBeTrue();
        var answers = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE '%within a minute%'"); // as if a minute lay between them
            answers.Add((await app.WithAddress(i < 4 ? "127.0.0.7" : "127.0.0.8").AskForCode(Number)).Code ?? 0);
        }

        answers.ShouldBe([0, 0, 0, 700, 0, 0]);
        await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE '%within a minute%'");
        (await app.WithAddress("127.0.0.9").AskForCode(Number)).ShouldBeRateLimited(); // five in a day
        var step = await app.BeginLogin();
        (await step.SendSms()).ShouldBeTrue();
        (await step.Complete(await app.LastCodeFor(Number), "sms")).ShouldBeOk();
    }

    [Fact]
    public async Task One_number_gets_one_a_minute()
    {
        var app = await servers.Main.CreateAppWithPhone();
        await app.BeginCodeLogin(Number);
        (await app.AskForCode(Number)).ShouldBeRateLimited();
        (await app.WithAddress("127.0.0.7").AskForCode(Number)).ShouldBeRateLimited();
        (await app.Mails(Number)).Count(mail => mail.Kind == "loginCodeSms").ShouldBe(1);
    }
}
