using Latchkey.Tests.Api.Passkeys;
using static Latchkey.Tests.Api.TwoFactor.FactorFlows;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>Passkeys as second factors after a password.</summary>
public sealed class PasskeyFactorTests(ServerFixture servers)
{
    [Theory]
    [InlineData("optional")]
    [InlineData("required")]
    [InlineData("newdevices")]
    public async Task A_login_asks_for_the_passkey_and_recovery_codes_stand_in(string policy)
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor(policy, "rememberDeviceDays=30");
        var ann = await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator();
        var codes = Texts((await ann.AddPasskey(phone)).ShouldBeOk().Json, "recovery-codes").ShouldNotBeNull();
        codes.Length.ShouldBe(10);

        var step = await app.BeginLogin();
        step.Methods.ShouldBe(["passkey", "recovery"]);
        step.Enroll.ShouldBeNull();
        app.ParseTokens(await step.CompleteWith(phone)).ShouldHaveProved("2", "pwd", "hwk", "mfa");
        app.ParseTokens(await (await app.BeginLogin()).Complete(codes[0], "recovery")).ShouldHaveProved("2", "pwd", "rcv", "mfa");
        (await (await app.BeginLogin()).Complete("123456", "passkey")).ShouldFailWith(403);
        (await (await app.BeginLogin()).Complete("123456", "otp")).ShouldFailWith(600);
        (await ann.SecondFactors()).GetProperty("methods")[0].GetString().ShouldBe("passkey");
    }

    [Fact]
    public async Task After_a_password_presence_is_enough_and_a_synced_passkey_is_swk()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("optional");
        var ann = await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator { BackupEligible = true };
        (await ann.AddPasskey(phone)).ShouldBeOk();
        var step = await app.BeginLogin();
        (await step.AskForPasskey()).Json.GetProperty("options").GetProperty("userVerification").GetString().ShouldBe("preferred");
        phone.UserVerified = false;
        app.ParseTokens(await step.CompleteWith(phone)).ShouldHaveProved("2", "pwd", "swk", "mfa");
        (await app.LoginWithPasskey(phone)).ShouldFailWith(717); // alone it must verify its user
        phone.UserVerified = true;
        app.ParseTokens(await app.LoginWithPasskey(phone)).ShouldHaveProved("2", "swk", "mfa"); // and is not asked for another
    }

    [Fact]
    public async Task The_options_of_a_login_name_the_passkeys_of_its_user_alone()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("optional");
        var (ann, bob) = (await app.CreateUser(Ann), await app.CreateUser("bob@example.com"));
        using var hers = new SoftAuthenticator();
        using var his = new SoftAuthenticator();
        (await ann.AddPasskey(hers)).ShouldBeOk();
        (await bob.AddPasskey(his)).ShouldBeOk();
        var step = await app.BeginLogin();
        var asked = await step.AskForPasskey();
        var allowed = asked.Json.GetProperty("options").GetProperty("allowCredentials").EnumerateArray().ToList();
        allowed.Single().GetProperty("id").GetString().ShouldBe(System.Buffers.Text.Base64Url.EncodeToString(hers.CredentialId));
        (await step.CompletePasskey(asked.RequestToken(), his.Sign(asked.Json))).ShouldFailWith(717);
        (await app.CausesOf("loginComplete")).ShouldBe(["the passkey is not the user's"]);
        app.ParseTokens(await (await app.BeginLogin()).CompleteWith(hers)).Id().ShouldBe(ann.Id());
    }

    [Fact]
    public async Task The_handle_of_another_user_beside_the_own_passkey_is_refused()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("optional");
        using var phone = new SoftAuthenticator();
        (await (await app.CreateUser(Ann)).AddPasskey(phone)).ShouldBeOk();
        phone.UserHandle = [1, 2, 3];
        (await (await app.BeginLogin()).CompleteWith(phone)).ShouldFailWith(717);
        phone.UserHandle = []; // known users need none
        app.ParseTokens(await (await app.BeginLogin()).CompleteWith(phone));
    }

    [Fact]
    public async Task The_options_of_one_login_complete_no_other()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("optional");
        using var phone = new SoftAuthenticator();
        (await (await app.CreateUser(Ann)).AddPasskey(phone)).ShouldBeOk();
        var (one, other) = (await app.BeginLogin(), await app.BeginLogin());
        var asked = await one.AskForPasskey();
        (await other.CompletePasskey(asked.RequestToken(), phone.Sign(asked.Json))).ShouldFailWith(717);
        var alone = (await app.Post("passkeyLoginOptions", new { })).ShouldBeOk();
        (await other.CompletePasskey(alone.RequestToken(), phone.Sign(alone.Json))).ShouldFailWith(717);
        (await app.PasskeyLogin(asked.RequestToken(), phone.Sign(asked.Json))).ShouldFailWith(717); // nor a sign-in of its own
        (await app.CausesOf("loginComplete")).ShouldBe(["somebody else's request token", "the request token is for something else"]);
        app.ParseTokens(await one.CompletePasskey(asked.RequestToken(), phone.Sign(asked.Json)));
    }

    [Fact]
    public async Task Who_must_have_a_factor_sets_a_passkey_up_during_the_login()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("required");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        step.Enroll.ShouldBe(["passkey"]);
        (await step.AskForPasskey()).ShouldFailWith(600); // good for nothing else
        using var phone = new SoftAuthenticator();
        var done = await step.EnrollWith(phone);
        Texts(done.ShouldBeOk().Json, "recovery-codes")!.Length.ShouldBe(10);
        app.ParseTokens(done).ShouldHaveProved("2", "pwd", "hwk", "mfa");
        (await app.BeginLogin()).Methods.ShouldBe(["passkey", "recovery"]);
        (await app.MailKinds(Ann)).ShouldContain("passkeyAdded");
    }

    [Fact]
    public async Task A_wrong_passkey_is_not_set_up()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("required");
        await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator { UserVerified = false };
        var step = await app.BeginLogin();
        (await step.EnrollWith(phone)).ShouldFailWith(717);
        (await app.PasskeyCount()).ShouldBe(0);
        phone.UserVerified = true;
        (await step.EnrollWith(phone)).ShouldBeOk(); // with new options
    }

    [Fact]
    public async Task Where_passkeys_are_no_factors_a_login_asks_for_none_and_makes_no_codes()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("optional", "secondFactors=authenticator");
        using var phone = new SoftAuthenticator();
        var added = (await (await app.CreateUser(Ann)).AddPasskey(phone)).ShouldBeOk().Json;
        added.TryGetProperty("recovery-codes", out _).ShouldBeFalse();
        (await app.Login(Ann)).ShouldHaveProved("1", "pwd");
        (await app.Post("enrollFactor", new { loginToken = "x", method = "passkey" })).ShouldFailWith(716);
    }

    [Fact]
    public async Task A_sign_in_by_passkey_needs_no_further_factor()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("required", "secondFactors=authenticator,passkey");
        var ann = await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator();
        (await ann.AddPasskey(phone)).ShouldBeOk();
        await ann.StepUpWith(phone);
        await ann.EnableAuthenticator();
        (await app.BeginLogin()).Methods.ShouldBe(["otp", "passkey", "recovery"]);
        app.ParseTokens(await app.LoginWithPasskey(phone)).ShouldHaveProved("2", "hwk", "mfa");
    }
}
