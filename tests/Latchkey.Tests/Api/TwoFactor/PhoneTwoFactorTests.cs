namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>setPhone, verifyPhone, setTwoFactorPhoneVerification, and logging in with an SMS code.</summary>
public sealed class PhoneTwoFactorTests(ServerFixture servers)
{
    private const string Pia = "pia@example.com";
    private const string Number = "+4915112345678";
    private const string OtherNumber = "+14155552671";

    [Fact]
    public async Task A_number_is_verified_by_sms_and_asked_at_login()
    {
        var app = await WithPhones();
        var pia = await app.CreateUser(Pia);
        await pia.EnablePhone(Number);
        var token = await app.LoginToken(Pia);
        var sms = (await app.Mails(Number))[0];
        sms.Kind.ShouldBe("sms");
        sms.Text.ShouldContain(sms.Code!);
        sms.Html.ShouldBeEmpty();
        (await app.LoginComplete(token, App.WrongCodeFor(sms.Code!))).ShouldFailWith(600);
        app.ParseTokens(await app.LoginComplete(token, sms.Code!));
        (await app.LoginComplete(token, sms.Code!)).ShouldFailWith(600);
    }

    [Fact]
    public async Task The_code_belongs_to_its_own_login_token()
    {
        var app = await WithPhones();
        await (await app.CreateUser(Pia)).EnablePhone(Number);
        var first = await app.LoginToken(Pia);
        var firstCode = await app.LastCodeFor(Number);
        var second = await app.LoginToken(Pia);
        var secondCode = await app.LastCodeFor(Number);
        if (firstCode != secondCode)
        {
            (await app.LoginComplete(second, firstCode)).ShouldFailWith(600);
        }

        app.ParseTokens(await app.LoginComplete(second, secondCode));
        app.ParseTokens(await app.LoginComplete(first, firstCode));
    }

    [Theory]
    [InlineData("+4915112345678")]
    [InlineData(" 4915112345678")] // a form makes a space of a plus
    [InlineData("4915112345678")]
    [InlineData(" +4915112345678 ")]
    public async Task A_lost_plus_is_put_back(string phone)
    {
        var pia = await (await WithPhones()).CreateUser(Pia);
        (await pia.Post("setPhone", new { phone })).ShouldBeTrue();
        (await pia.Post("verifyPhone", new { code = await pia.App.LastCodeFor(Number) })).ShouldBeTrue();
        (await pia.GetUser()).GetProperty("phone").GetString().ShouldBe(Number);
    }

    [Theory]
    [InlineData("+4915112345678")] // as the Swift SDK sends it
    [InlineData("%2B4915112345678")]
    [InlineData("4915112345678")]
    public async Task A_form_may_hold_the_plus_raw(string phone)
    {
        var pia = await (await WithPhones()).CreateUser(Pia);
        var form = new StringContent($"phone={phone}", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        (await pia.App.PostRaw("setPhone", form, ("access-token", pia.AccessToken))).ShouldBeTrue();
        (await pia.App.Mails(Number)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("0915112345678")]
    [InlineData("4915112345678901")]
    [InlineData("++4915112345678")]
    [InlineData("+49 151 12345678")]
    [InlineData("+0915112345678")]
    [InlineData("+4912345")]
    [InlineData("+4915112345678901")]
    [InlineData("+49151x2345678")]
    [InlineData("+٤٩١٥١١٢٣٤٥٦٧")]
    [InlineData("tel:+4915112345678")]
    [InlineData("+1415555267199")] // two digits more than a number of its country has
    [InlineData("+9991511234567")] // no country has this code
    public async Task A_number_is_in_e164(string phone)
    {
        var app = await WithPhones();
        (await (await app.CreateUser(Pia)).Post("setPhone", new { phone })).ShouldFailWith(602);
        (await app.AllMails()).ShouldNotContain(mail => mail.Kind == "sms");
    }

    [Fact]
    [Covers(409)]
    public async Task An_application_without_it_refuses()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google");
        var pia = await app.CreateUser(Pia);
        (await pia.Post("setPhone", new { phone = Number })).ShouldFailWith(409);
        (await pia.Post("verifyPhone", new { code = "111111" })).ShouldFailWith(409);
        (await pia.Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldFailWith(409);
        (await pia.Post("setPhone", new { })).ShouldFailWith(403);
    }

    [Fact]
    [Covers(410)]
    public async Task Without_a_verified_number_the_switch_stays_off()
    {
        var app = await WithPhones();
        var pia = await app.CreateUser(Pia);
        (await pia.Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldFailWith(410);
        (await pia.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        (await pia.Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldFailWith(410);
        (await pia.Post("setTwoFactorPhoneVerification", new { twoFactor = false })).ShouldBeTrue();
        await app.Login(Pia);
    }

    [Fact]
    [Covers(412)]
    public async Task A_number_belongs_to_one_user_once_it_is_verified()
    {
        var app = await WithPhones();
        var (pia, rob) = (await app.CreateUser(Pia), await app.CreateUser("rob@example.com"));
        (await rob.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        var robsCode = await app.LastCodeFor(Number);
        await pia.VerifyPhone(Number);
        (await rob.Post("verifyPhone", new { code = robsCode })).ShouldFailWith(412);
        (await rob.Post("setPhone", new { phone = Number })).ShouldFailWith(412);
        (await rob.GetUser()).GetProperty("phoneVerified").GetBoolean().ShouldBeFalse();
        var otherApp = await WithPhones();
        await (await otherApp.CreateUser(Pia)).VerifyPhone(Number);
    }

    [Fact]
    public async Task The_verified_number_stays_until_the_new_one_is_verified()
    {
        var app = await WithPhones();
        var pia = await app.CreateUser(Pia);
        await pia.EnablePhone(Number);
        (await pia.Post("setPhone", new { phone = OtherNumber })).ShouldBeTrue();
        (await pia.GetUser()).GetProperty("phone").GetString().ShouldBe(Number);
        await app.LoginToken(Pia);
        (await app.Mails(Number)).Count.ShouldBe(2);
        (await app.Mails(OtherNumber)).Count.ShouldBe(1);
        (await pia.Post("verifyPhone", new { code = await app.LastCodeFor(OtherNumber) })).ShouldBeTrue();
        (await pia.GetUser()).GetProperty("phone").GetString().ShouldBe(OtherNumber);
        await app.LoginToken(Pia);
        (await app.Mails(OtherNumber)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_code_verifies_only_the_number_that_it_was_sent_to()
    {
        var app = await WithPhones();
        var pia = await app.CreateUser(Pia);
        (await pia.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        var first = await app.LastCodeFor(Number);
        (await pia.Post("setPhone", new { phone = OtherNumber })).ShouldBeTrue();
        (await pia.Post("verifyPhone", new { code = first })).ShouldFailWith(602);
        (await pia.GetUser()).GetProperty("phoneVerified").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_wrong_used_or_expired_code_is_refused()
    {
        var app = await WithPhones();
        var pia = await app.CreateUser(Pia);
        (await pia.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        var code = await app.LastCodeFor(Number);
        (await pia.Post("verifyPhone", new { code = App.WrongCodeFor(code) })).ShouldFailWith(602);
        await app.Installation.Execute(
            "UPDATE user_codes SET expires_at = @at WHERE app_id = @id",
            new { at = AppFlows.FromNow(-1), id = app.Id }
        );
        (await pia.Post("verifyPhone", new { code })).ShouldFailWith(602);
        (await pia.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        code = await app.LastCodeFor(Number);
        (await pia.Post("verifyPhone", new { code })).ShouldBeTrue();
        (await pia.Post("verifyPhone", new { code })).ShouldFailWith(602);
    }

    [Fact]
    public async Task Changes_are_told_by_mail()
    {
        var app = await WithPhones();
        var pia = await app.CreateUser(Pia);
        await pia.EnablePhone(Number);
        (await pia.Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldBeTrue();
        (await pia.Post("setTwoFactorPhoneVerification", new { twoFactor = "false" })).ShouldBeTrue();
        (await app.MailKinds(Pia)).ShouldBe(["signUpSuccess", "phoneChanged", "secondFactorOn", "secondFactorOff"]);
    }

    [Fact]
    public async Task Changes_over_and_over_of_one_kind_do_not_keep_the_mail_about_another_back()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=phone");
        var pia = await app.CreateUser(Pia);
        await pia.EnablePhone(Number);
        for (var i = 0; i < 12; i++)
        {
            (await pia.Post("setTwoFactorPhoneVerification", new { twoFactor = i % 2 == 1 })).ShouldBeTrue();
        }

        (await pia.Post("changePassword", new { password = App.Password, newPassword = AppFlows.NewPassword })).ShouldBeTrue();
        (await app.Mails(Pia))[0].Kind.ShouldBe("passwordChanged");
    }

    [Fact]
    public async Task Anonymous_users_have_no_phone()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1", "twoFactorVerification=phone");
        (await (await app.LoginAnonymous("ANON_1")).Post("setPhone", new { phone = Number })).ShouldFailWith(602);
        (await app.AllMails()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_number_gets_one_sms_a_minute()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=phone");
        var (pia, rob) = (await app.CreateUser(Pia), await app.CreateUser("rob@example.com"));
        (await pia.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        (await pia.Post("setPhone", new { phone = Number })).ShouldBeRateLimited();
        (await rob.Post("setPhone", new { phone = Number })).ShouldBeRateLimited();
        (await app.Mails(Number)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sixteen_users_verify_one_number_at_once_and_one_has_it()
    {
        var app = await WithPhones();
        var users = new LoggedInUser[16];
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = await app.CreateUser($"u{i}@example.com");
        }

        for (var round = 0; round < 5; round++)
        {
            var number = $"+49151000000{round:D2}";
            var codes = new string[users.Length];
            for (var i = 0; i < users.Length; i++)
            {
                (await users[i].Post("setPhone", new { phone = number })).ShouldBeTrue();
                codes[i] = await app.LastCodeFor(number);
            }

            var replies = await AppFlows.SendInParallel(users.Length, i => users[i].Post("verifyPhone", new { code = codes[i] }));
            replies.Count(reply => reply.Code is null).ShouldBe(1);
            replies.Where(reply => reply.Code is not null).ShouldAllBe(reply => reply.Code == 412);
        }
    }

    private async Task<App> WithPhones() => await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=phone");
}
