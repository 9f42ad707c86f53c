using Latchkey.Tests.Api.Passkeys;
using static Latchkey.Tests.Api.TwoFactor.FactorFlows;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>What passkeys prove again, and what needs such a proof.</summary>
public sealed class PasskeyStepUpTests(ServerFixture servers)
{
    [Theory]
    [InlineData("off")]
    [InlineData("optional")]
    public async Task A_passkey_proves_again_who_is_logged_in(string policy)
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor(policy);
        var ann = await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator();
        (await ann.AddPasskey(phone)).ShouldBeOk();
        await app.AgeProofs(16);
        (await ann.Ask()).ShouldFailWith(710);
        (await ann.DeletePasskey()).ShouldFailWith(710);
        var again = app.ParseTokens(await ann.StepUpWith(phone));
        again.Amr().ShouldContain("hwk");
        again.Acr().ShouldBe("2");
        (await again.Ask()).ShouldBeOk();
        (await again.DeletePasskey()).ShouldBeTrue();
        (await app.MailKinds(Ann)).ShouldContain("passkeyRemoved");
    }

    [Fact]
    public async Task It_must_verify_its_user()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("optional");
        var ann = await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator();
        (await ann.AddPasskey(phone)).ShouldBeOk();
        phone.UserVerified = false;
        (await ann.StepUpWith(phone)).ShouldFailWith(717);
    }

    [Fact]
    public async Task Another_users_passkey_proves_nothing()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("off");
        var (ann, bob) = (await app.CreateUser(Ann), await app.CreateUser("bob@example.com"));
        using var hers = new SoftAuthenticator();
        using var his = new SoftAuthenticator();
        (await ann.AddPasskey(hers)).ShouldBeOk();
        (await bob.AddPasskey(his)).ShouldBeOk();
        (await ann.StepUpWith(his)).ShouldFailWith(717);
        (await app.CausesOf("stepUp")).ShouldBe(["the passkey is not the user's"]);
    }

    [Fact]
    public async Task A_user_without_a_passkey_gets_no_options_for_one()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("off");
        (await (await app.CreateUser(Ann)).Post("stepUpFactor", new { method = "passkey" })).ShouldFailWith(602);
    }

    [Fact]
    public async Task Under_a_policy_a_password_is_not_enough_to_change_passkeys()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("optional");
        var ann = await app.CreateUser(Ann); // by password
        using var phone = new SoftAuthenticator();
        using var thiefs = new SoftAuthenticator();
        (await ann.AddPasskey(phone)).ShouldBeOk();
        (await ann.Ask()).ShouldFailWith(710);
        (await ann.DeletePasskey()).ShouldFailWith(710);
        (await ann.Post("stepUp", new { password = App.Password })).ShouldFailWith(403);
        await ann.StepUpWith(phone);
        (await ann.AddPasskey(thiefs)).ShouldBeOk();
    }

    [Fact]
    [Covers(715)]
    public async Task The_last_factor_stays_where_one_is_required()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("required");
        await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator();
        using var key = new SoftAuthenticator();
        var ann = app.ParseTokens(await (await app.BeginLogin()).EnrollWith(phone));
        (await ann.DeletePasskey()).ShouldFailWith(715);
        (await ann.AddPasskey(key)).ShouldBeOk();
        var first = (await ann.Passkeys()).GetProperty("passkeys")[1].GetProperty("id").GetString();
        (await ann.Post("passkeyDelete", new { id = first })).ShouldBeTrue();
        (await ann.DeletePasskey()).ShouldFailWith(715);
    }

    [Fact]
    public async Task The_developers_reset_removes_passkeys_that_are_factors()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("required");
        await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator();
        var ann = app.ParseTokens(await (await app.BeginLogin()).EnrollWith(phone));
        (await app.SendAsServer(HttpMethod.Post, $"users/{Ann}/resetSecondFactor")).ShouldBeTrue();
        (await app.LoginWithPasskey(phone)).ShouldFailWith(600);
        (await ann.Passkeys()).GetProperty("passkeys").GetArrayLength().ShouldBe(0);
        (await app.BeginLogin()).Enroll.ShouldBe(["passkey"]);
        (await app.MailKinds(Ann))[^1].ShouldBe("secondFactorOff");
    }
}
