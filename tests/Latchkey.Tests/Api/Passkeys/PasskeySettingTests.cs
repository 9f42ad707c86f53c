using System.Buffers.Text;
using Latchkey.Cryptography;
using Latchkey.Tests.Users.Passkeys;
using Latchkey.Users.Passkeys;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>The settings of passkeys, from the command line to what is accepted.</summary>
public sealed class PasskeySettingTests(ServerFixture servers)
{
    [Fact]
    public async Task With_direct_attestation_a_model_of_the_list_registers_and_no_other()
    {
        var vector = WebAuthnVector.Find("packed-es256");
        using var all = await PasskeyRefusals.Create(servers);
        await all.App.Set("passkeyAttestation=direct", $"passkeyModels={vector.Aaguid}", $"passkeyRoots={Pem(WebAuthnVector.Root)}");
        (await all.Ann.Ask()).Json.GetProperty("options").GetProperty("attestation").GetString().ShouldBe("direct");
        (await all.Ann.AddPasskey(all.Phone)).ShouldFailWith(717);
        all.Phone.Aaguid = new Guid(vector.Aaguid); // says so, and proves nothing
        (await all.Ann.AddPasskey(all.Phone)).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyRegister")).ShouldBe([
            "the model 00000000-0000-0000-0000-000000000000 is not one of passkeyModels",
            "no certificate proves the model",
        ]);
        (await Register(all, vector)).ShouldBeOk();
        (await all.Ann.Passkeys()).GetProperty("passkeys").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Without_direct_attestation_models_and_roots_do_not_matter()
    {
        using var all = await PasskeyRefusals.Create(servers);
        await all.App.Set("passkeyModels=ee882879-721c-4913-9775-3dfcce97072a", $"passkeyRoots={Pem(WebAuthnVector.Root)}");
        (await all.Ann.AddPasskey(all.Phone)).ShouldBeOk();
    }

    [Theory]
    [InlineData("passkeyRpId=https://example.org", "without https://")]
    [InlineData("passkeyRpId=192.0.2.1", "without https://")]
    [InlineData("passkeyRpId=example.org:443", "without https://")]
    [InlineData("passkeyOrigins=https://example.org/", "no slash at its end")]
    [InlineData("passkeyOrigins=http://example.org", "http is for localhost")]
    [InlineData("passkeyOrigins=https://example.org:443", "no slash at its end")]
    [InlineData("passkeyOrigins=https://*.example.org", "no slash at its end")]
    [InlineData("passkeyOrigins=android:apk-key-hash:short", "android:apk-key-hash")]
    [InlineData("passkeyAttestation=direct", "needs passkeyModels and passkeyRoots")]
    [InlineData("passkeyModels=YubiKey", "AAGUIDs")]
    [InlineData("passkeyRoots=not a certificate", "certificates in PEM")]
    public async Task What_no_browser_could_use_is_refused(string setting, string says)
    {
        using var all = await PasskeyRefusals.Create(servers);
        var result = await all.App.Installation.Run("app", "set", all.App.Id, setting);
        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain(says);
    }

    [Fact]
    public async Task Several_origins_and_an_Android_app_sign_in()
    {
        var android = $"android:apk-key-hash:{new string('A', 43)}";
        using var all = await PasskeyRefusals.Create(servers);
        await all.App.Set($"passkeyOrigins=https://www.example.org,https://example.org:8443,{android}");
        foreach (var origin in new[] { "https://www.example.org", "https://example.org:8443", android })
        {
            using var phone = new SoftAuthenticator { Origin = origin };
            (await all.Ann.AddPasskey(phone)).ShouldBeOk();
            all.App.ParseTokens(await all.App.LoginWithPasskey(phone));
        }

        (await all.Ann.AddPasskey(all.Phone)).ShouldFailWith(717); // https://example.org is no longer one
    }

    private static async Task<Reply> Register(PasskeyRefusals all, WebAuthnVector vector)
    {
        var session = (await all.Ann.Get("sessions"))
            .ShouldBeOk()
            .Json.GetProperty("sessions")
            .EnumerateArray()
            .Single(one => one.GetProperty("current").GetBoolean())
            .GetProperty("id")
            .GetString()!;
        var expiresAt = TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds();
        var challenge = Base64Url.EncodeToString(vector.Registration.Challenge);
        var tokens = await all.App.Installation.Get<InstallationTokens>();
        var request = new PasskeyRequest(all.App.Id, PasskeyPurpose.Registration, session, challenge, expiresAt);
        return await all.Ann.Register(tokens.Write(request), vector.Registration.ToJson());
    }

    private static string Pem(string root) => $"-----BEGIN CERTIFICATE-----\n{root}\n-----END CERTIFICATE-----\n";
}
