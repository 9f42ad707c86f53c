using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Latchkey.Tests.Api.SocialLogin;

/// <summary>ID tokens with something wrong or missing: refused with 613, and nobody is signed up.</summary>
public sealed class InvalidIdTokenTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    private const string Ada = "ada@example.com";

    public static TheoryData<string, string?> Spoiled =>
        new()
        {
            { "iss", null },
            { "iss", "\"https://evil.example\"" },
            { "iss", "\"https://appleid.apple.com\"" },
            { "iss", "\"https://accounts.google.com/\"" },
            { "iss", "7" },
            { "aud", null },
            { "aud", "\"another.client\"" },
            { "aud", "\"com.example.demo\"" },
            { "aud", "[]" },
            { "aud", "[7]" },
            { "aud", "\"\"" },
            { "nbf", "9999999999" },
            { "nbf", "\"1\"" },
            { "nbf", "null" },
            { "iat", "1" },
            { "sub", null },
            { "sub", "\"\"" },
            { "sub", "7" },
            { "sub", "\"a\\u0000b\"" },
            { "exp", null },
            { "exp", "1" },
            { "exp", "\"9999999999\"" },
            { "exp", "-1" },
            { "iat", null },
            { "iat", "9999999999" },
            { "iat", "\"1\"" },
            { "email_verified", null },
            { "email_verified", "false" },
            { "email_verified", "\"false\"" },
            { "email_verified", "1" },
            { "email_verified", "\"yes\"" },
            { "email", "\"not an address\"" },
            { "email", "[\"ada@example.com\"]" },
        };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public async Task A_wrong_or_missing_claim_is_refused(string claim, string? value)
    {
        var app = await social.CreateApp();
        foreach (var provider in new[] { "google", "apple" })
        {
            await IsRefused(app, provider, claim, ForTheOther(provider, value));
        }
    }

    /// <summary>Apple's own issuer and audience are the wrong ones of Google, and the other way round.</summary>
    private static string? ForTheOther(string provider, string? value) =>
        provider == "google"
            ? value
            : value switch
            {
                "\"https://appleid.apple.com\"" => "\"https://accounts.google.com\"",
                "\"https://accounts.google.com/\"" => "\"https://appleid.apple.com/\"",
                $"\"{FakeIdentityProvider.AppleBundle}\"" => $"\"{FakeIdentityProvider.GoogleClient}\"",
                _ => value,
            };

    private async Task IsRefused(App app, string provider, string claim, string? value)
    {
        var claims = FakeIdentityProvider.Claims(provider, Ada);
        if (value is null)
        {
            claims.Remove(claim);
        }
        else
        {
            claims[claim] = JsonNode.Parse(value);
        }

        var token = social.Provider.Sign(provider, claims);
        (await app.SocialSignup(provider, token, Ada)).ShouldFailWith(613);
        (await app.SocialLogin(provider, token)).Code.ShouldBeOneOf(613, claim == "email" ? 603 : 613);
        (await app.CountUsers(Ada)).ShouldBe(0);
    }

    [Fact]
    public async Task Extra_fields_beside_a_token_have_no_effect()
    {
        var app = await social.CreateApp();
        var ada = app.ParseTokens(
            await app.Post(
                "socialSignup",
                Abuse.OverpostingTests.With(
                    new
                    {
                        provider = "google",
                        token = social.Provider.Token("google", Ada),
                        handle = Ada,
                    }
                )
            )
        );
        var token = social.Provider.Token("google", Ada);
        var again = app.ParseTokens(await app.Post("socialLogin", Abuse.OverpostingTests.With(new { provider = "google", token })));
        again.Id().ShouldBe(ada.Id());
        again.Claims.TryGetProperty("role", out _).ShouldBeFalse();
        var shown = (await app.SendAsServer(HttpMethod.Get, $"users/{Ada}")).ShouldBeOk().Json;
        (
            shown.GetProperty("loginProvider").GetString(),
            shown.GetProperty("origin").GetString(),
            shown.GetProperty("twoFactorPhoneVerification").GetBoolean()
        ).ShouldBe(("google", "social", false));
        (await app.CountUsers(Ada)).ShouldBe(1);
    }

    [Fact]
    public async Task Apple_writes_email_verified_as_text()
    {
        var app = await social.CreateApp();
        var claims = FakeIdentityProvider.Claims("apple", Ada);
        claims["email_verified"] = "true";
        app.ParseTokens(await app.SocialSignup("apple", social.Provider.Sign("apple", claims), Ada));
    }

    [Fact]
    public async Task Googles_issuer_may_come_without_its_scheme()
    {
        var app = await social.CreateApp();
        var claims = FakeIdentityProvider.Claims("google", Ada);
        claims["iss"] = "accounts.google.com";
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Sign("google", claims), Ada));
    }

    [Fact]
    public async Task A_nonce_is_checked_when_the_app_gives_one()
    {
        var app = await social.CreateApp();
        var claims = FakeIdentityProvider.Claims("apple", Ada);
        claims["nonce"] = "n-1";
        var token = social.Provider.Sign("apple", claims);
        (await app.SocialSignup("apple", token, Ada, nonce: "n-2")).ShouldFailWith(613);
        (await app.SocialSignup("apple", social.Provider.Token("apple", Ada), Ada, nonce: "n-1")).ShouldFailWith(613);
        app.ParseTokens(await app.SocialSignup("apple", token, Ada, nonce: "n-1"));
        claims = FakeIdentityProvider.Claims("apple", Ada);
        claims["nonce"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("n-3")));
        app.ParseTokens(await app.SocialLogin("apple", social.Provider.Sign("apple", claims), nonce: "n-3"));
        (await app.SocialLogin("apple", social.Provider.Sign("apple", claims), nonce: "n-4")).ShouldFailWith(613);
    }

    [Fact]
    public async Task A_setting_demands_the_nonce()
    {
        var app = await social.CreateApp("socialNonceRequired=1");
        (await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada)).ShouldFailWith(613);
        var ada = app.ParseTokens(await app.SocialSignup("google", TokenWithNonce(), Ada, nonce: "n"));
        (await app.SocialLogin("google", TokenWithNonce())).ShouldFailWith(613);
        app.ParseTokens(await app.SocialLogin("google", TokenWithNonce(), nonce: "n"));
        (await ada.Post("deleteAccount", new { token = TokenWithNonce() })).ShouldFailWith(613);
        (await ada.Post("deleteAccount", new { token = TokenWithNonce(), nonce = "n" })).ShouldBeTrue();

        string TokenWithNonce()
        {
            var claims = FakeIdentityProvider.Claims("google", Ada);
            claims["nonce"] = "n";
            return social.Provider.Sign("google", claims);
        }
    }

    [Fact]
    public async Task A_token_is_an_hour_old_at_most_and_not_older_than_its_provider_says()
    {
        var app = await social.CreateApp();
        foreach (var (age, left, isGood) in new[] { (3500, 80_000, true), (3700, 80_000, false), (400, -1, false) })
        {
            var claims = FakeIdentityProvider.Claims("apple", Ada);
            claims["iat"] = AppFlows.FromNow(-age) / 1000;
            claims["exp"] = AppFlows.FromNow(left) / 1000;
            (await app.SocialLogin("apple", social.Provider.Sign("apple", claims))).ShouldFailWith(isGood ? 603 : 613);
        }
    }

    [Fact]
    public async Task Of_several_audiences_the_party_must_be_the_app()
    {
        var app = await social.CreateApp("googleClientId=web,android");
        foreach (
            var (audience, party, isGood) in new[]
            {
                ("\"web\"", (string?)null, true),
                ("\"web\"", "an app of Google's that is not in the setting", true),
                ("[\"web\"]", null, true),
                ("[\"web\", \"web\"]", null, true),
                ("[\"web\", \"other\"]", "web", true),
                ("[\"other\", \"web\"]", "android", true),
                ("[\"web\", \"other\"]", "other", false),
                ("[\"web\", 7]", "other", false),
                ("[\"web\", \"other\"]", "", false),
                ("[\"other\"]", "web", false),
            }
        )
        {
            var claims = FakeIdentityProvider.Claims("google", Ada);
            claims["aud"] = JsonNode.Parse(audience);
            if (party is not null)
            {
                claims["azp"] = party;
            }

            (await app.SocialLogin("google", social.Provider.Sign("google", claims))).ShouldFailWith(isGood ? 603 : 613);
        }
    }

    [Theory]
    [InlineData("google", "RS256")]
    [InlineData("apple", "ES256")]
    public async Task A_token_works_once_and_a_refusal_uses_none_up(string provider, string algorithm)
    {
        var app = await social.CreateApp();
        await app.Set("""metaData=[{"path":"user_data.name","fieldName":"name"}]""");
        var token = Token();
        (await app.SocialLogin(provider, token)).ShouldFailWith(603);
        (await app.SocialSignup(provider, token, "somebody-else@example.com")).ShouldFailWith(613);
        (await app.SocialSignup(provider, token, Ada, metaData: "no json")).ShouldFailWith(604);
        var ada = app.ParseTokens(await app.SocialSignup(provider, token, Ada));
        (await app.SocialSignup(provider, token, Ada)).Code.ShouldBeOneOf(610, 611, 612);
        (await app.SocialLogin(provider, token)).ShouldFailWith(613);
        (await ada.Post("deleteAccount", new { token })).ShouldFailWith(613);

        token = Token();
        app.ParseTokens(await app.SocialLogin(provider, token));
        (await app.SocialLogin(provider, token)).ShouldFailWith(613);

        token = Token();
        (await ada.Post("deleteAccount", new { token })).ShouldBeTrue();
        (await app.SocialSignup(provider, token, Ada)).ShouldFailWith(613);
        (await app.CountUsers(Ada)).ShouldBe(0);

        string Token() => social.Provider.Sign(provider, FakeIdentityProvider.Claims(provider, Ada), algorithm);
    }

    [Fact]
    public async Task Of_parallel_logins_with_one_token_one_succeeds()
    {
        var app = await social.CreateApp();
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada));
        var token = social.Provider.Token("google", Ada);
        var replies = await AppFlows.SendInParallel(16, _ => app.SocialLogin("google", token));
        replies.Count(reply => reply.Code is null).ShouldBe(1);
        replies.Count(reply => reply.Code == 613).ShouldBe(15);
    }

    [Fact]
    public async Task A_signature_counts_only_under_the_key_and_algorithm_of_its_kid()
    {
        var app = await social.CreateApp();
        var claims = FakeIdentityProvider.Claims("google", Ada);
        var good = social.Provider.Sign("google", claims).Split('.');
        using var stranger = RsaKeys.Get();
        string[] refused =
        [
            $"{good[0]}.{good[1]}.",
            $"{good[0]}.{good[1]}",
            $"{good[0]}.{good[1]}.{good[2][..^4]}AAAA",
            FakeIdentityProvider.Compact(
                new JsonObject { ["alg"] = "RS256", ["kid"] = "google-rsa" },
                claims,
                data => stranger.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ),
            social.Provider.SignWithHeader(new JsonObject { ["alg"] = "RS256" }, claims),
            social.Provider.SignWithHeader(new JsonObject { ["alg"] = "RS256", ["kid"] = "nobody" }, claims),
            social.Provider.SignWithHeader(new JsonObject { ["alg"] = "RS256", ["kid"] = "google-ec" }, claims),
            social.Provider.SignWithHeader(new JsonObject { ["alg"] = "RS256", ["kid"] = "apple-rsa" }, claims),
            social.Provider.SignWithHeader(new JsonObject { ["alg"] = "RS512", ["kid"] = "google-rsa" }, claims),
            social.Provider.SignWithHeader(new JsonObject { ["alg"] = "PS256", ["kid"] = "google-rsa" }, claims),
            social.Provider.SignWithHeader(
                new JsonObject
                {
                    ["alg"] = "RS256",
                    ["kid"] = "google-rsa",
                    ["crit"] = new JsonArray("b64"),
                },
                claims
            ),
            FakeIdentityProvider.Compact(
                new JsonObject { ["alg"] = "HS256", ["kid"] = "oct" },
                claims,
                data => HMACSHA256.HashData(Encoding.ASCII.GetBytes("a symmetric key has no place here"), data)
            ),
            .. new[] { "none", "None", "NONE", "" }.Select(none =>
                FakeIdentityProvider.Compact(new JsonObject { ["alg"] = none, ["kid"] = "google-rsa" }, claims, _ => [])
            ),
            .. social.Provider.SignedWithThePublicKey("google", claims),
            "",
            ".",
            "..",
            "a.b.c",
            new string('a', 50_000),
        ];
        foreach (var token in refused.Where(token => token.Length > 0))
        {
            (await app.SocialSignup("google", token, Ada)).ShouldFailWith(613);
        }

        (await app.CountUsers(Ada)).ShouldBe(0);
    }

    [Fact]
    public async Task A_token_of_one_provider_is_not_the_others()
    {
        var app = await social.CreateApp();
        (await app.SocialSignup("apple", social.Provider.Token("google", Ada), Ada)).ShouldFailWith(613);
        (await app.SocialSignup("google", social.Provider.Token("apple", Ada), Ada)).ShouldFailWith(613);
    }

    [Fact]
    public async Task A_token_that_brings_its_own_key_fetches_nothing()
    {
        var app = await social.CreateApp();
        using var own = RsaKeys.Get();
        await using var elsewhere = new Messages.CountingListener();
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=evil.example",
            own,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var (address, published) = ($"http://127.0.0.1:{elsewhere.Port}/keys", own.ExportParameters(false));
        foreach (
            var (name, value) in new (string, Func<JsonNode>)[]
            {
                ("jku", () => address),
                ("x5u", () => address),
                (
                    "jwk",
                    () =>
                        new JsonObject
                        {
                            ["kty"] = "RSA",
                            ["kid"] = "google-rsa",
                            ["n"] = Base64Url.EncodeToString(published.Modulus),
                            ["e"] = Base64Url.EncodeToString(published.Exponent),
                        }
                ),
                ("x5c", () => new JsonArray(Convert.ToBase64String(certificate.RawData))),
            }
        )
        {
            var token = FakeIdentityProvider.Compact(
                new JsonObject
                {
                    ["alg"] = "RS256",
                    ["kid"] = "google-rsa",
                    [name] = value(),
                },
                FakeIdentityProvider.Claims("google", Ada),
                data => own.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            );
            (await app.SocialSignup("google", token, Ada)).ShouldFailWith(613);
        }

        elsewhere.Connections.ShouldBe(0);
        (await app.CountUsers(Ada)).ShouldBe(0);
    }
}
