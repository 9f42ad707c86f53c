using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>
/// The steps of WebAuthn Level 3 §7.2, verifying an assertion: each refuses an authenticator or browser that errs in it, with a cause of
/// its own. docs/passkeys.md has the list.
/// </summary>
public sealed class AssertionStepTests(ServerFixture servers)
{
    private const string NotACredential = "credential is not the JSON of a passkey";
    private const string Copied = "the counter did not rise: the passkey may have been copied";

    [Fact]
    public Task An_answer_to_a_registration_is_no_sign_in() =>
        Refuses(_ => { }, NotACredential, 602, credential => Change(credential, response => response.Remove("authenticatorData")));

    [Fact]
    public Task An_unknown_credential_is_refused() =>
        Refuses(_ => { }, "no user has this passkey", 600, credential => WithId(credential, RandomNumberGenerator.GetBytes(32)));

    [Fact]
    public Task Two_ids_that_differ_are_refused() =>
        Refuses(
            _ => { },
            NotACredential,
            602,
            credential =>
            {
                var answer = JsonNode.Parse(credential)!;
                answer["rawId"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
                return answer.ToJsonString();
            }
        );

    [Fact]
    public Task Without_a_user_handle_it_is_refused() =>
        Refuses(phone => phone.UserHandle = [], "the passkey does not say whose it is", 600);

    [Fact]
    public async Task The_handle_of_another_user_is_refused()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var bob = await all.App.CreateUser("bob@example.com");
        using var other = new SoftAuthenticator();
        (await bob.AddPasskey(other)).ShouldBeOk();
        all.Phone.UserHandle = other.UserHandle;
        await all.ShouldRefuseSignIn(
            await all.App.LoginWithPasskey(all.Phone),
            "User is not owner of the public key identified by the credential id"
        );
    }

    [Theory]
    [InlineData("not JSON", "the client data are not JSON")]
    [InlineData("[]", "the client data are not an object")]
    public Task Client_data_that_are_no_JSON_object_are_refused(string text, string cause) =>
        Refuses(phone => phone.ClientDataBytes = Encoding.UTF8.GetBytes(text), cause);

    [Fact]
    public Task Client_data_that_are_no_UTF8_are_refused() =>
        Refuses(phone => phone.ClientDataBytes = [.. "{\"type\":\""u8, 0xff, 0xfe, .. "\"}"u8], "the answer to another kind of request");

    [Fact]
    public Task Another_type_is_refused() => Refuses(phone => phone.Type = "webauthn.create", "the answer to another kind of request");

    [Fact]
    public Task Another_challenge_is_refused() =>
        Refuses(phone => phone.Challenge = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), "another challenge");

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://example.org")]
    [InlineData("https://www.example.org")]
    [InlineData("android:apk-key-hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public Task Another_origin_is_refused(string origin) =>
        Refuses(phone => phone.Origin = origin, $"the origin {origin} is not one of passkeyOrigins");

    [Fact]
    public Task A_frame_of_another_origin_is_refused() => Refuses(phone => phone.CrossOrigin = true, "used in a frame of another origin");

    [Fact]
    public Task A_page_around_it_is_refused() =>
        Refuses(phone => (phone.CrossOrigin, phone.TopOrigin) = (null, "https://example.com"), "used in a frame of another origin");

    [Fact]
    public async Task A_browser_that_does_not_speak_of_frames_is_accepted()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        all.Phone.CrossOrigin = null;
        all.App.ParseTokens(await all.App.LoginWithPasskey(all.Phone));
    }

    [Fact]
    public Task Another_RP_id_is_refused() => Refuses(phone => phone.RpId = "example.com", "RPID hash does not match");

    [Fact]
    public Task An_authenticator_without_its_user_is_refused() =>
        Refuses(phone => phone.UserPresent = false, "User Present flag not set in authenticator data");

    [Fact]
    public Task An_authenticator_that_did_not_verify_its_user_is_refused() =>
        Refuses(phone => phone.UserVerified = false, "User Verified flag not set in authenticator data and user verification was required");

    [Fact]
    public async Task A_copy_of_what_cannot_be_copied_is_refused()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers, phone => (phone.BackupEligible, phone.BackedUp) = (false, false));
        all.Phone.BackedUp = true;
        await all.ShouldRefuseSignIn(await all.App.LoginWithPasskey(all.Phone), "InvalidBackupFlags");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_passkey_that_begins_or_ceases_to_be_copied_is_refused(bool before)
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers, phone => (phone.BackupEligible, phone.BackedUp) = (before, false));
        all.Phone.BackupEligible = !before;
        await all.ShouldRefuseSignIn(await all.App.LoginWithPasskey(all.Phone), "its eligibility for backups changed");
    }

    [Fact]
    public async Task The_signature_of_another_key_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Refuses(phone => phone.SigningKey = other, "Signature does not match");
    }

    [Fact]
    public Task The_signature_of_other_client_data_is_refused() =>
        Refuses(
            _ => { },
            "Signature does not match",
            717,
            credential =>
                Change(
                    credential,
                    response =>
                    {
                        var data = Encoding.UTF8.GetString(Base64Url.DecodeFromChars((string)response["clientDataJSON"]!));
                        response["clientDataJSON"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(data + " "));
                    }
                )
        );

    [Theory]
    [InlineData(5, 5)]
    [InlineData(5, 4)]
    [InlineData(5, 0)]
    public async Task A_counter_that_does_not_rise_is_refused(uint before, uint after)
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers, phone => phone.SignCount = before);
        all.Phone.SignCount = after;
        await all.ShouldRefuseSignIn(await all.App.LoginWithPasskey(all.Phone), Copied);
    }

    [Fact]
    public async Task The_counter_of_the_last_use_counts()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        all.Phone.SignCount = 7;
        all.App.ParseTokens(await all.App.LoginWithPasskey(all.Phone));
        (await all.App.LoginWithPasskey(all.Phone)).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyLogin")).ShouldBe([Copied]);
        all.Phone.SignCount = uint.MaxValue;
        all.App.ParseTokens(await all.App.LoginWithPasskey(all.Phone));
    }

    [Fact]
    public async Task Of_a_passkey_and_its_copy_one_alone_signs_in_with_a_count()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers, phone => phone.SignCount = 1);
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => all.App.Post("passkeyLoginOptions", new { })));
        all.Phone.SignCount = 2;
        var answers = await Task.WhenAll(asked.Select(one => all.App.PasskeyLogin(one.RequestToken(), all.Phone.Sign(one.Json))));
        answers.Count(answer => answer.Code is null).ShouldBe(1);
        answers.Count(answer => answer.Code == 717).ShouldBe(7);
    }

    [Fact]
    public async Task Extensions_that_nobody_asked_for_change_nothing()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        all.Phone.ExtensionResults = new JsonObject { ["prf"] = new JsonObject { ["results"] = new JsonObject { ["first"] = "AAAA" } } };
        all.App.ParseTokens(await all.App.LoginWithPasskey(all.Phone));
    }

    [Fact]
    public async Task What_the_use_changed_is_stored()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers, phone => phone.BackedUp = false);
        (await all.Ann.Passkey()).GetProperty("synced").GetBoolean().ShouldBeFalse();
        (await all.Ann.Passkey()).TryGetProperty("lastUsedAt", out _).ShouldBeFalse();
        (all.Phone.BackedUp, all.Phone.SignCount) = (true, 3);
        all.App.ParseTokens(await all.App.LoginWithPasskey(all.Phone));
        (await all.Ann.Passkey()).GetProperty("synced").GetBoolean().ShouldBeTrue();
        (await all.Ann.Passkey()).GetProperty("lastUsedAt").GetString().ShouldNotBeNull();
        (await all.App.Installation.Query<long>("SELECT sign_count FROM passkeys WHERE app_id = @Id", new { all.App.Id })).ShouldBe(3);
    }

    [Fact]
    public async Task A_suspended_user_is_refused()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        (await all.App.SendAsServer(HttpMethod.Post, $"users/{PasskeyRefusals.Handle}/suspend")).ShouldBeTrue();
        (await all.App.LoginWithPasskey(all.Phone)).ShouldFailWith(404);
    }

    /// <summary>Signs in with an authenticator that was told to err after it had registered.</summary>
    private async Task Refuses(Action<SoftAuthenticator> err, string cause, int code = 717, Func<string, string>? change = null)
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        err(all.Phone);
        var asked = await all.App.Post("passkeyLoginOptions", new { });
        var credential = all.Phone.Sign(asked.Json);
        await all.ShouldRefuseSignIn(
            await all.App.PasskeyLogin(asked.RequestToken(), change is null ? credential : change(credential)),
            cause,
            code
        );
    }

    private static string WithId(string credential, byte[] id)
    {
        var answer = JsonNode.Parse(credential)!;
        answer["id"] = Base64Url.EncodeToString(id);
        answer["rawId"] = Base64Url.EncodeToString(id);
        return answer.ToJsonString();
    }

    private static string Change(string credential, Action<JsonObject> change)
    {
        var answer = JsonNode.Parse(credential)!;
        change(answer["response"]!.AsObject());
        return answer.ToJsonString();
    }
}
