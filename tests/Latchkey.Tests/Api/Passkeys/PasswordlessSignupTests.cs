namespace Latchkey.Tests.Api.Passkeys;

/// <summary>A user who never has a password: the address is confirmed by a code, then a passkey is the only way in.</summary>
public sealed class PasswordlessSignupTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private static readonly string[] Settings = ["passkeysEnabled=1", "passkeyRpId=example.org", "passwordOptional=1"];

    [Fact]
    [Covers(719)]
    public async Task A_user_signs_up_without_a_password_and_has_a_passkey_alone()
    {
        var app = await (await servers.Unlimited()).CreateApp(Settings);
        (await app.Post("signup", new { handle = Ann, passwordless = true })).ShouldBeTrue();
        var ann = app.ParseTokens(await app.Complete(Ann, await app.LastCodeFor(Ann)));
        using var phone = new SoftAuthenticator();
        var id = (await ann.AddPasskey(phone)).ShouldBeOk().Json.GetProperty("passkey").GetProperty("id").GetString();

        (await app.TryLogin(Ann, "")).ShouldFailWith(403);
        (await app.TryLogin(Ann)).ShouldFailWith(600);
        app.ParseTokens(await app.LoginWithPasskey(phone)).Id().ShouldBe(ann.Id());
        (await ann.Post("passkeyDelete", new { id })).ShouldFailWith(719);
    }

    [Fact]
    public async Task A_signup_without_a_password_that_was_not_confirmed_has_no_way_in()
    {
        var app = await (await servers.Unlimited()).CreateApp(Settings);
        (await app.Post("signup", new { handle = Ann, passwordless = true })).ShouldBeTrue();
        (await app.TryLogin(Ann)).ShouldFailWith(600);
        (await app.TryLogin(Ann, "x")).ShouldFailWith(600);
    }

    [Theory]
    [InlineData("passwordOptional=1")]
    [InlineData("passwordOptional=1", "passkeysEnabled=1", "passkeyRpId=example.org", "signupFlow=none")]
    [InlineData("passwordOptional=1", "passkeysEnabled=1", "passkeyRpId=example.org", "signupFlow=link")]
    public async Task The_setting_needs_passkeys_and_a_mailed_code(params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Installation.Run(["app", "set", app.Id, .. settings])).ShouldFail("passwordOptional needs");
    }

    [Fact]
    public async Task Without_the_setting_or_the_flag_the_password_is_missing_as_ever()
    {
        var server = await servers.Unlimited();
        var app = await server.CreateApp("passkeysEnabled=1", "passkeyRpId=example.org");
        (await app.Post("signup", new { handle = Ann, passwordless = true })).ShouldFailWith(403);
        (await (await server.CreateApp(Settings)).Post("signup", new { handle = Ann })).ShouldFailWith(403);
    }
}
