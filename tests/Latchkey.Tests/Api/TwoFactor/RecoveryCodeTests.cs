using static Latchkey.Tests.Api.TwoFactor.FactorFlows;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>Recovery codes of users: ten, shown once, each good for one login or proof.</summary>
public sealed class RecoveryCodeTests(ServerFixture servers)
{
    [Fact]
    public async Task Ten_codes_are_made_and_each_completes_one_login()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (ann, _, codes) = await app.CreateUserWithCodes();
        codes.Distinct().Count().ShouldBe(10);
        codes.ShouldAllBe(code => code.Length == 14 && code[4] == '-' && code[9] == '-');
        for (var used = 0; used < codes.Length; used++)
        {
            app.ParseTokens(await (await app.BeginLogin()).Complete(codes[used], "recovery"));
            (await ann.RecoveryCodesLeft()).ShouldBe(codes.Length - used - 1);
        }

        var step = await app.BeginLogin();
        step.Methods.ShouldBe(["otp"]);
        (await step.Complete(codes[0], "recovery")).ShouldFailWith(600);
        (await app.HasLogLine("recoveryCodes")).ShouldBeTrue();
    }

    [Fact]
    public async Task Each_use_is_told_by_mail_and_so_is_that_two_are_left()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (_, _, codes) = await app.CreateUserWithCodes();
        foreach (var code in codes[..7])
        {
            app.ParseTokens(await (await app.BeginLogin()).Complete(code, "recovery"));
        }

        (await Count("recoveryCodeUsed"), await Count("recoveryCodesLow")).ShouldBe((7, 0));
        app.ParseTokens(await (await app.BeginLogin()).Complete(codes[7], "recovery"));
        app.ParseTokens(await (await app.BeginLogin()).Complete(codes[8], "recovery"));
        (await Count("recoveryCodeUsed"), await Count("recoveryCodesLow")).ShouldBe((9, 1));

        async Task<int> Count(string kind) => (await app.MailKinds(Ann)).Count(one => one == kind);
    }

    [Theory]
    [InlineData("as it is")]
    [InlineData("large letters")]
    [InlineData("no hyphens")]
    [InlineData("blanks")]
    public async Task A_code_is_understood_however_it_is_typed(string style)
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (_, _, codes) = await app.CreateUserWithCodes();
        var typed = style switch
        {
            "large letters" => codes[0].ToUpperInvariant(),
            "no hyphens" => codes[0].Replace("-", "", StringComparison.Ordinal),
            "blanks" => $" {codes[0].Replace('-', ' ')} ",
            _ => codes[0],
        };
        app.ParseTokens(await (await app.BeginLogin()).Complete(typed, "recovery"));
    }

    [Fact]
    public async Task New_codes_replace_the_old_ones()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (ann, authenticator, old) = await app.CreateUserWithCodes();
        var renewed = await ann.MakeRecoveryCodes(authenticator);
        renewed.Intersect(old).ShouldBeEmpty();
        (await (await app.BeginLogin()).Complete(old[0], "recovery")).ShouldFailWith(600);
        app.ParseTokens(await (await app.BeginLogin()).Complete(renewed[0], "recovery"));
    }

    [Fact]
    public async Task A_user_without_a_factor_gets_none()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        (await ann.Post("recoveryCodes", new { })).ShouldFailWith(602);
    }

    [Fact]
    public async Task They_are_not_in_the_database_as_they_are_and_go_with_the_user()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (ann, _, codes) = await app.CreateUserWithCodes();
        const string ofApp = "FROM recovery_codes WHERE app_id = @Id";
        var hash = await app.Installation.Query<string>($"SELECT MAX(code_hash) {ofApp}", new { app.Id });
        codes.ShouldAllBe(code => !hash.Contains(code.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
        hash.Length.ShouldBe(43);
        (await ann.Post("deleteAccount", new { handle = Ann, password = App.Password })).ShouldBeTrue();
        (await app.Installation.Query<long>($"SELECT COUNT(*) {ofApp}", new { app.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_user_and_application_only()
    {
        var server = await servers.Unlimited();
        var (app, other) = (await server.CreateAppWithPolicy("optional"), await server.CreateAppWithPolicy("optional"));
        var (_, _, codes) = await app.CreateUserWithCodes();
        await other.CreateUserWithCodes();
        (await (await other.BeginLogin()).Complete(codes[0], "recovery")).ShouldFailWith(600);
        var bob = await app.CreateUser("bob@example.com");
        await bob.EnableAuthenticator();
        (await (await app.BeginLogin(handle: "bob@example.com")).Complete(codes[0], "recovery")).ShouldFailWith(600);
        app.ParseTokens(await (await app.BeginLogin()).Complete(codes[0], "recovery"));
    }

    [Fact]
    public async Task Switching_the_last_factor_off_ends_them()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (ann, authenticator, _) = await app.CreateUserWithCodes();
        await (await ann.StepUpWith(authenticator)).EnablePhone(Number);
        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = false })).ShouldBeTrue();
        (await ann.RecoveryCodesLeft()).ShouldBe(10); // for the phone
        (await ann.Post("setTwoFactorPhoneVerification", new { twoFactor = false })).ShouldBeTrue();
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM recovery_codes WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task Codes_of_somebody_who_had_the_address_before_its_owner_are_worth_nothing()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (_, _, strangers) = await app.CreateUserWithCodes(); // signup flow none: the address is not verified
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        (await app.ResetPassword(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
        var owner = await app.Login(Ann, AppFlows.NewPassword); // the stranger's factor is gone
        await owner.EnableAuthenticator();
        var step = await app.BeginLogin(password: AppFlows.NewPassword);
        step.Methods.ShouldBe(["otp"]);
        (await step.Complete(strangers[0], "recovery")).ShouldFailWith(600);
    }

    [Fact]
    public async Task Guessing_them_is_told_made_to_wait_and_ended_like_codes_of_an_app()
    {
        var app = await servers.Main.CreateAppWithPolicy("optional");
        var (_, authenticator, codes) = await app.CreateUserWithCodes();
        await Fail(5);
        (await app.MailKinds(Ann)).Count(kind => kind == "codeGuessing").ShouldBe(1);
        await Fail(5);
        var refused = await (await NextLogin()).Complete(codes[0], "recovery");
        refused.ShouldBeRateLimited();
        (await (await NextLogin()).Complete(authenticator.Code(), "otp")).ShouldBeRateLimited(); // the two count together
        await app.Installation.Execute("UPDATE users SET failed_codes = 49, failed_code_at = 1 WHERE app_id = @Id", new { app.Id });
        await Fail(1);
        (await app.MailKinds(Ann))[^1].ShouldBe("userLocked");
        (await app.TryLogin(Ann)).ShouldFailWith(404);

        async Task<LoginStep> NextLogin()
        {
            await app.ForgetLogins();
            await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @codes", new { codes = $"{app.Id}|authenticator codes%" });
            return await app.BeginLogin();
        }

        async Task Fail(int times)
        {
            for (var i = 0; i < times; i++)
            {
                (await (await NextLogin()).Complete("aaaa-aaaa-aaaa", "recovery")).ShouldFailWith(600);
            }
        }
    }

    [Fact]
    public async Task Sixteen_uses_of_one_code_at_once_succeed_once()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (ann, _, codes) = await app.CreateUserWithCodes();
        for (var round = 0; round < 5; round++)
        {
            var steps = new List<LoginStep>();
            for (var i = 0; i < 16; i++)
            {
                steps.Add(await app.BeginLogin());
            }

            var replies = await AppFlows.SendInParallel(16, i => steps[i].Complete(codes[round], "recovery"));
            replies.Count(reply => reply.Code is null).ShouldBe(1);
            replies.Count(reply => reply.Code == 600).ShouldBe(15);
            (await ann.RecoveryCodesLeft()).ShouldBe(9 - round);
        }
    }

    [Fact]
    public async Task Two_codes_at_once_for_one_login_token_use_up_one()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (ann, _, codes) = await app.CreateUserWithCodes();
        for (var round = 0; round < 4; round++)
        {
            var (step, first) = (await app.BeginLogin(), round * 2);
            var replies = await AppFlows.SendInParallel(2, i => step.Complete(codes[first + i], "recovery"));
            replies.Count(reply => reply.Code is null).ShouldBe(1);
            (await ann.RecoveryCodesLeft()).ShouldBe(9 - round);
        }
    }
}
