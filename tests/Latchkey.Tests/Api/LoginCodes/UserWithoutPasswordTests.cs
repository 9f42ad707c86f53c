using Latchkey.Tests.Api.SocialLogin;
using Latchkey.Tests.Api.TwoFactor;
using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>Users who have no password: step-up by a mailed code, a first password, and deleting the account.</summary>
public sealed class UserWithoutPasswordTests(ServerFixture servers, SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    [Fact]
    public async Task A_fresh_login_is_enough_to_set_a_first_password()
    {
        var app = await WithoutPassword();
        var (ann, other) = (await app.LoginByCode(), await app.LoginByCode());
        (await ann.Post("changePassword", new { newPassword = "short" })).ShouldFailWith(702);
        (await ann.Post("changePassword", new { newPassword = App.Password })).ShouldBeTrue();
        (await app.TryLogin(Ann)).ShouldBeOk();
        (await other.IsSignedIn()).ShouldBeFalse();
        (await app.MailKinds(Ann))[^1].ShouldBe("passwordChanged");
        (await app.HasLogLine("changePassword")).ShouldBeTrue();
        (await ann.Post("changePassword", new { newPassword = AppFlows.NewPassword })).ShouldFailWith(403); // now it has one
        (await ann.Post("changePassword", new { password = "wrong", newPassword = AppFlows.NewPassword })).ShouldFailWith(602);
        (await ann.Post("changePassword", new { password = App.Password, newPassword = AppFlows.NewPassword })).ShouldBeTrue();
    }

    [Fact]
    public async Task An_access_token_alone_sets_none()
    {
        var app = await WithoutPassword("stepUpRequired=0");
        var ann = await app.LoginByCode();
        await app.AgeProofs(16);
        (await ann.Post("changePassword", new { newPassword = App.Password })).ShouldFailWith(710);
        (await ann.Post("changePassword", new { password = "any", newPassword = App.Password })).ShouldFailWith(710);
        (await ann.Post("deleteAccount", new { handle = Ann })).ShouldFailWith(710);
        (await ann.Post("stepUp", new { })).ShouldFailWith(403);
        (await ann.Post("stepUp", new { password = App.Password })).ShouldFailWith(403);
        (await ann.Post("stepUp", new { code = "123456" })).ShouldFailWith(600); // none was sent
        (await ann.Post("stepUpFactor", new { method = "mail" })).ShouldBeTrue();
        var mail = (await app.Mails(Ann))[0];
        mail.Kind.ShouldBe("stepUpCode");
        mail.Link.ShouldBeNull();
        (await ann.Post("stepUp", new { code = App.WrongCodeFor(mail.Code!) })).ShouldFailWith(600);
        (await ann.Post("stepUp", new { code = "x" })).ShouldFailWith(602);
        app.ParseTokens(await ann.Post("stepUp", new { code = mail.Code })).ShouldHaveProved("1", "mail");
        (await ann.Post("stepUp", new { code = mail.Code })).ShouldFailWith(600);
        (await ann.Post("changePassword", new { newPassword = App.Password })).ShouldBeTrue();
        (await app.HasLogLine("stepUpFactor", "mail")).ShouldBeTrue();
        (await app.HasLogLine("stepUp", "mail")).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_two_first_passwords_at_once_one_is_set()
    {
        var app = await WithoutPassword();
        var (one, two) = (await app.LoginByCode(), await app.LoginByCode());
        var replies = await Task.WhenAll(
            one.Post("changePassword", new { newPassword = App.Password }),
            two.Post("changePassword", new { newPassword = AppFlows.NewPassword })
        );
        replies.Count(reply => reply.Code is null).ShouldBe(1);
        replies.ShouldAllBe(reply => reply.Code == null || reply.Code == 602 || reply.Code == 403 || reply.Code == 405);
    }

    [Fact]
    public async Task The_account_is_deleted_with_the_own_handle_and_a_fresh_proof()
    {
        var app = await WithoutPassword();
        var ann = await app.LoginByCode();
        (await ann.Post("deleteAccount", new { })).ShouldFailWith(403);
        (await ann.Post("deleteAccount", new { handle = "bob@example.com" })).ShouldFailWith(600);
        (await ann.Post("deleteAccount", new { handle = " ANN@example.com" })).ShouldBeTrue();
        (await app.CountUsers(Ann)).ShouldBe(0);
    }

    [Fact]
    public async Task A_mailed_code_is_a_proof_for_users_with_a_password_too_but_not_in_place_of_a_factor()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("twoFactorVerification=google");
        var ann = await app.CreateUserByCode(Ann);
        await app.AgeProofs(16);
        (await ann.Post("stepUpFactor", new { method = "mail" })).ShouldBeTrue();
        (await ann.Post("stepUp", new { method = "mail" })).ShouldFailWith(403);
        (await ann.Post("stepUp", new { method = "mail", code = await app.LastCodeFor(Ann) })).ShouldBeOk();
        await ann.EnableAuthenticator();
        (await ann.Post("stepUpFactor", new { method = "mail" })).ShouldFailWith(602);
        (await ann.Post("stepUp", new { method = "mail", code = "123456" })).ShouldFailWith(602);
    }

    [Fact]
    public async Task A_user_of_a_provider_proves_by_mail_and_still_gets_no_password()
    {
        var app = await social.CreateApp();
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann));
        await app.AgeProofs(16);
        (await ada.Post("stepUpFactor", new { method = "mail" })).ShouldBeTrue();
        (await ada.Post("stepUp", new { method = "mail", code = await app.LastCodeFor(Ann) })).ShouldBeOk();
        (await ada.Post("changePassword", new { newPassword = App.Password })).ShouldFailWith(403);
        (await ada.Post("changePassword", new { password = "any", newPassword = App.Password })).ShouldFailWith(602);
    }

    [Fact]
    public async Task Anonymous_and_unverified_users_get_no_code()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1", "signupFlow=none");
        var anonymous = await app.LoginAnonymous("ANON_1");
        (await anonymous.Post("stepUpFactor", new { method = "mail" })).ShouldFailWith(602);
        (await anonymous.Post("stepUp", new { code = "123456" })).ShouldFailWith(602);
        (await (await app.CreateUser(Ann)).Post("stepUpFactor", new { method = "mail" })).ShouldFailWith(608);
    }

    [Fact]
    public async Task The_code_is_good_in_its_own_session_and_for_five_guesses()
    {
        var app = await WithoutPassword();
        var (ann, thief) = (await app.LoginByCode(), await app.LoginByCode());
        (await ann.Post("stepUpFactor", new { method = "mail" })).ShouldBeTrue();
        var code = await app.LastCodeFor(Ann);
        (await thief.Post("stepUp", new { code })).ShouldFailWith(600);
        for (var i = 0; i < 5; i++)
        {
            (await ann.Post("stepUp", new { code = App.WrongCodeFor(code) })).ShouldFailWith(600);
        }

        (await ann.Post("stepUp", new { code })).ShouldFailWith(600);
    }

    [Fact]
    public async Task An_access_token_alone_does_not_use_up_the_mails_of_the_owners_logins()
    {
        var app = await (await servers.Start()).CreateAppWithCodes("signupByCode=1");
        var ann = await app.LoginByCode();
        var answers = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE '%within a minute%'"); // as if minutes lay between them
            answers.Add((await ann.Post("stepUpFactor", new { method = "mail" })).Code ?? 0);
        }

        answers.ShouldBe([0, 0, 700, 700]);
        await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE '%within a minute%'");
        await app.LoginByCode();
    }

    private async Task<App> WithoutPassword(params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes(["signupByCode=1", .. settings]);
        await app.LoginByCode();
        return app;
    }
}
