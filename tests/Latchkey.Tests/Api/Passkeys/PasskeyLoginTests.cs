using System.Text.Json;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>A user adds a passkey and signs in with it, without a user name or password.</summary>
public sealed class PasskeyLoginTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task A_passkey_signs_its_user_in_without_a_name()
    {
        var app = await (await servers.Unlimited()).CreateApp(PasskeyFlows.Settings);
        var ann = await app.CreateUser(Ann);
        using var phone = new SoftAuthenticator { BackupEligible = true, BackedUp = true };
        var added = (await ann.AddPasskey(phone, "Ann's phone")).ShouldBeOk().Json.GetProperty("passkey");
        added.GetProperty("name").GetString().ShouldBe("Ann's phone");
        added.GetProperty("synced").GetBoolean().ShouldBeTrue();

        var signedIn = app.ParseTokens(await app.LoginWithPasskey(phone));
        signedIn.Id().ShouldBe(ann.Id());
        var listed = (await signedIn.Get("passkeys")).ShouldBeOk().Json;
        listed.GetProperty("passkeys")[0].GetProperty("lastUsedAt").ValueKind.ShouldBe(JsonValueKind.String);
        listed.GetProperty("rpId").GetString().ShouldBe("example.org");
        listed.GetProperty("allAcceptedCredentialIds").GetArrayLength().ShouldBe(1);
        listed.GetProperty("userId").GetString().ShouldNotBeNullOrEmpty();
        (await signedIn.Get("sessions"))
            .ShouldBeOk()
            .Json.GetProperty("sessions")
            .EnumerateArray()
            .First(session => session.GetProperty("current").GetBoolean())
            .GetProperty("amr")
            .EnumerateArray()
            .Select(method => method.GetString())
            .ShouldBe(["swk", "mfa"]);
        (await app.MailKinds(Ann)).ShouldContain("passkeyAdded");
    }
}
