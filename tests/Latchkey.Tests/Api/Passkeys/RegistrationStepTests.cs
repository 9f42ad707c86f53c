using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>
/// The steps of WebAuthn Level 3 §7.1, registering a credential: each refuses an authenticator or browser that errs in it, with a cause of
/// its own. docs/passkeys.md has the list.
/// </summary>
public sealed class RegistrationStepTests(ServerFixture servers)
{
    private const string NotACredential = "credential is not the JSON of a passkey";

    [Fact]
    public Task An_answer_to_a_sign_in_is_no_registration() =>
        Refuses(_ => { }, NotACredential, 602, (phone, asked) => phone.Sign(Nested(asked, "rp", "id", "rpId")));

    [Theory]
    [InlineData("not JSON", "the client data are not JSON")]
    [InlineData("[]", "the client data are not an object")]
    [InlineData("""{"type":"webauthn.create","type":"webauthn.create"}""", "the client data are not JSON")]
    public Task Client_data_that_are_no_JSON_object_are_refused(string text, string cause) =>
        Refuses(phone => phone.ClientDataBytes = Encoding.UTF8.GetBytes(text), cause);

    [Fact]
    public Task Client_data_that_are_no_UTF8_are_refused() =>
        Refuses(phone => phone.ClientDataBytes = [.. "{\"type\":\""u8, 0xff, 0xfe, .. "\"}"u8], "the answer to another kind of request");

    [Fact]
    public Task Another_type_is_refused() => Refuses(phone => phone.Type = "webauthn.get", "the answer to another kind of request");

    [Fact]
    public Task Another_challenge_is_refused() =>
        Refuses(phone => phone.Challenge = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), "another challenge");

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://example.org")]
    [InlineData("https://example.org:8443")]
    [InlineData("https://www.example.org")]
    [InlineData("https://example.org/")]
    [InlineData("https://EXAMPLE.org")]
    public Task Another_origin_is_refused_and_the_log_names_it(string origin) =>
        Refuses(phone => phone.Origin = origin, $"the origin {origin} is not one of passkeyOrigins");

    [Fact]
    public Task The_origin_of_a_stranger_writes_no_sentence_into_the_log() =>
        Refuses(phone => phone.Origin = "https://example.org is now <b>broken</b>", "the origin given is not one of passkeyOrigins");

    [Fact]
    public Task A_frame_of_another_origin_is_refused() => Refuses(phone => phone.CrossOrigin = true, "used in a frame of another origin");

    [Fact]
    public Task A_page_around_it_is_refused() =>
        Refuses(phone => (phone.CrossOrigin, phone.TopOrigin) = (null, "https://example.com"), "used in a frame of another origin");

    [Fact]
    public Task An_attestation_object_that_is_no_CBOR_is_refused() =>
        Refuses(phone => phone.AttestationObject = [0xff, 0x00, 0x01], "Invalid AttestationObject CBOR data");

    [Fact]
    public Task Another_RP_id_is_refused() => Refuses(phone => phone.RpId = "example.com", "RPID hash does not match");

    [Fact]
    public Task An_authenticator_without_its_user_is_refused() =>
        Refuses(phone => phone.UserPresent = false, "User Present flag not set in authenticator data");

    [Fact]
    public Task An_authenticator_that_did_not_verify_its_user_is_refused() =>
        Refuses(phone => phone.UserVerified = false, "User Verified flag not set in authenticator data and user verification was required");

    [Fact]
    public Task A_copy_of_what_cannot_be_copied_is_refused() =>
        Refuses(phone => (phone.BackupEligible, phone.BackedUp) = (false, true), "InvalidBackupFlags");

    [Theory]
    [InlineData(-37)] // PS256
    [InlineData(-258)] // RS384
    [InlineData(-259)] // RS512
    public Task A_key_of_an_algorithm_that_was_not_offered_is_refused(int algorithm) =>
        Refuses(phone => phone.PublicKeyBytes = RsaKeyOf(algorithm), "Credential algorithm does not match policy requirement");

    [Fact]
    public async Task A_key_of_an_algorithm_that_was_offered_is_accepted()
    {
        using var all = await PasskeyRefusals.Create(servers);
        all.Phone.PublicKeyBytes = RsaKeyOf(-257);
        (await all.Ann.AddPasskey(all.Phone)).ShouldBeOk();
    }

    [Theory]
    [InlineData(-8, "Algorithm EdDSA cannot be used with an EC2 key on curve P256")]
    [InlineData(-257, "Algorithm RS256 cannot be used with an EC2 key on curve P256")]
    public Task A_key_that_is_not_of_its_algorithm_is_refused(int algorithm, string cause) =>
        Refuses(phone => phone.Algorithm = algorithm, cause);

    [Fact]
    public Task A_statement_of_an_unknown_format_is_refused() => Refuses(phone => phone.Format = "future", "UnknownAttestationType");

    [Fact]
    public Task A_statement_that_is_wrong_for_its_format_is_refused() =>
        Refuses(phone => phone.HasStatement = true, "Attestation format none should have no attestation statement");

    [Fact]
    public Task Data_without_a_credential_are_refused() =>
        Refuses(
            phone => phone.AttestationObject = AttestationOf([.. SHA256.HashData("example.org"u8), 0x05, 0, 0, 0, 0]),
            "Attestation flag not set on attestation data"
        );

    [Fact]
    public async Task An_id_of_more_than_1023_bytes_is_refused()
    {
        using var all = await PasskeyRefusals.Create(servers);
        using var phone = new SoftAuthenticator { CredentialId = RandomNumberGenerator.GetBytes(1024) };
        await all.ShouldRefuseRegistration(await all.Ann.AddPasskey(phone), NotACredential, 602);
    }

    [Fact]
    public async Task An_id_of_1023_bytes_is_accepted()
    {
        using var all = await PasskeyRefusals.Create(servers);
        using var phone = new SoftAuthenticator { CredentialId = RandomNumberGenerator.GetBytes(1023) };
        (await all.Ann.AddPasskey(phone)).ShouldBeOk();
        all.App.ParseTokens(await all.App.LoginWithPasskey(phone));
    }

    [Fact]
    public Task The_id_of_another_credential_is_refused() =>
        Refuses(
            phone => phone.AttestedId = RandomNumberGenerator.GetBytes(32),
            "AttestationResponse rawId does not match the credentialId in the attested credential data"
        );

    [Fact]
    public async Task A_credential_that_is_registered_is_refused_to_its_user_and_to_others()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var bob = await all.App.CreateUser("bob@example.com");
        using var copy = new SoftAuthenticator { CredentialId = all.Phone.CredentialId };
        (await all.Ann.AddPasskey(copy)).ShouldFailWith(717);
        (await bob.AddPasskey(copy)).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyRegister")).ShouldAllBe(cause => cause == "the credential is registered already");
        all.App.ParseTokens(await all.App.LoginWithPasskey(all.Phone)).Id().ShouldBe(all.Ann.Id());
    }

    [Fact]
    public async Task A_credential_that_is_registered_in_another_application_is_accepted()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var other = await PasskeyRefusals.Create(servers);
        using var copy = new SoftAuthenticator { CredentialId = all.Phone.CredentialId };
        (await other.Ann.AddPasskey(copy)).ShouldBeOk();
        other.App.ParseTokens(await other.App.LoginWithPasskey(copy)).Id().ShouldBe(other.Ann.Id());
        (await other.App.LoginWithPasskey(all.Phone)).ShouldFailWith(717); // signed with the other's key
    }

    [Fact]
    public async Task Extensions_that_nobody_asked_for_change_nothing()
    {
        using var all = await PasskeyRefusals.Create(servers);
        all.Phone.ExtensionResults = new JsonObject
        {
            ["prf"] = new JsonObject { ["enabled"] = true },
            ["appid"] = true,
        };
        all.Phone.Extensions = Cbor(map => map.WriteTextString("credProtect"), map => map.WriteInt32(2));
        (await all.Ann.AddPasskey(all.Phone)).ShouldBeOk();
        all.App.ParseTokens(await all.App.LoginWithPasskey(all.Phone));
    }

    [Fact]
    public Task Extensions_that_are_no_CBOR_are_refused() => Refuses(phone => phone.Extensions = [0xff], "Malformed AttestationObject");

    [Fact]
    public async Task What_the_authenticator_says_of_the_credential_is_stored()
    {
        using var all = await PasskeyRefusals.Create(servers);
        all.Phone.Aaguid = new Guid("bada5566-a7aa-401f-bd96-45619a55120d"); // 1Password
        all.Phone.SignCount = 41;
        (await all.Ann.AddPasskey(all.Phone)).ShouldBeOk();
        var row = await all.App.Installation.Query<(string Id, string Transports, long Count, bool Eligible, bool BackedUp, string RpId)>(
            "SELECT credential_id, transports, sign_count, backup_eligible, backed_up, rp_id FROM passkeys WHERE app_id = @Id",
            new { all.App.Id }
        );
        row.ShouldBe((Base64Url.EncodeToString(all.Phone.CredentialId), "internal,hybrid", 41, true, true, "example.org"));
        var listed = await all.Ann.Passkey();
        (listed.GetProperty("name").GetString(), listed.GetProperty("model").GetString()).ShouldBe(("1Password", "1Password"));
    }

    /// <summary>Registers with an authenticator that was told to err.</summary>
    private async Task Refuses(
        Action<SoftAuthenticator> err,
        string cause,
        int code = 717,
        Func<SoftAuthenticator, System.Text.Json.JsonElement, string>? answer = null
    )
    {
        using var all = await PasskeyRefusals.Create(servers);
        err(all.Phone);
        var asked = await all.Ann.Ask();
        var credential = answer is null ? all.Phone.Register(asked.Json) : answer(all.Phone, asked.Json);
        await all.ShouldRefuseRegistration(await all.Ann.Register(asked.RequestToken(), credential), cause, code);
    }

    /// <summary>The options of a registration as those of a sign-in.</summary>
    private static System.Text.Json.JsonElement Nested(System.Text.Json.JsonElement asked, string owner, string name, string to)
    {
        var answer = JsonNode.Parse(asked.GetRawText())!;
        answer["options"]![to] = answer["options"]![owner]![name]!.DeepClone();
        return System.Text.Json.JsonDocument.Parse(answer.ToJsonString()).RootElement;
    }

    private static byte[] RsaKeyOf(int algorithm)
    {
        var key = RsaKeys.Get().ExportParameters(includePrivateParameters: false);
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(4);
        writer.WriteInt32(1);
        writer.WriteInt32(3); // kty: RSA
        writer.WriteInt32(3);
        writer.WriteInt32(algorithm);
        writer.WriteInt32(-1);
        writer.WriteByteString(key.Modulus!);
        writer.WriteInt32(-2);
        writer.WriteByteString(key.Exponent!);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static byte[] AttestationOf(byte[] data)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString(data);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static byte[] Cbor(Action<CborWriter> name, Action<CborWriter> value)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(1);
        name(writer);
        value(writer);
        writer.WriteEndMap();
        return writer.Encode();
    }
}
