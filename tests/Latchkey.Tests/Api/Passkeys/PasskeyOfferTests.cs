using System.Text.Json;
using Latchkey.Tests.Api.TwoFactor;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>After a sign-in without a passkey, the answer says whether one may be offered; otherwise it is as it was without passkeys.</summary>
public sealed class PasskeyOfferTests(ServerFixture servers)
{
    private const string Ann = PasskeyRefusals.Handle;

    [Fact]
    public async Task Signing_up_and_logging_in_say_so_until_the_user_has_one()
    {
        var app = await (await servers.Unlimited()).CreateApp(PasskeyFlows.Settings);
        var signup = await app.Signup(Ann);
        Offers(signup).ShouldBeTrue();
        Offers(await app.TryLogin(Ann)).ShouldBeTrue();
        using var phone = new SoftAuthenticator();
        var ann = app.ParseTokens(signup);
        (await ann.AddPasskey(phone)).ShouldBeOk();
        Offers(await app.TryLogin(Ann)).ShouldBeFalse();
        Offers(await app.LoginWithPasskey(phone)).ShouldBeFalse();
        (await ann.DeletePasskey()).ShouldBeTrue();
        Offers(await app.TryLogin(Ann)).ShouldBeTrue();
    }

    [Fact]
    public async Task So_do_codes_and_invitations()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=code", "passkeysEnabled=1", "passkeyRpId=example.org");
        (await app.Signup(Ann)).ShouldBeTrue();
        Offers(await app.Complete(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
        (await app.InviteByServer("bob@example.com")).ShouldBeTrue();
        Offers(await app.Register("bob@example.com", await app.LastCodeFor("bob@example.com"))).ShouldBeTrue();
    }

    [Fact]
    public async Task So_does_a_login_with_another_factor_but_not_one_that_sets_a_passkey_up()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPasskeyFactor("required", "secondFactors=authenticator,passkey");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        var authenticator = await step.StartAuthenticator();
        Offers(await step.Complete(authenticator.Code(), "otp")).ShouldBeTrue();
        await app.CreateUser("bob@example.com");
        using var phone = new SoftAuthenticator();
        Offers(await (await app.BeginLogin(handle: "bob@example.com")).EnrollWith(phone)).ShouldBeFalse();
    }

    [Fact]
    public async Task Refreshed_and_anonymous_sessions_and_other_applications_do_not()
    {
        var app = await (await servers.Unlimited()).CreateApp([.. PasskeyFlows.Settings, "sessionMode=refresh", "anonymousLoginEnabled=1"]);
        var ann = await app.CreateUser(Ann);
        Offers(await ann.TryRefresh()).ShouldBeFalse();
        Offers(await ann.Post("stepUp", new { password = App.Password })).ShouldBeFalse();
        Offers(await app.Post("loginAnonymous", new { handle = "ANON_1" })).ShouldBeFalse();
        await app.Set("passkeysEnabled=0");
        Offers(await app.TryLogin(Ann)).ShouldBeFalse();
    }

    private static bool Offers(Reply reply) =>
        reply.ShouldBeOk().Json.TryGetProperty("offer-passkey", out var offer) && offer.ValueKind == JsonValueKind.True;
}
