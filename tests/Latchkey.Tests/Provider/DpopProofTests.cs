using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Tests.Provider;

/// <summary>Proofs of DPoP by themselves (RFC 9449 §4.3, §8, §11.1): a request goes in, the key or the fault comes out.</summary>
public sealed class DpopProofTests(ServerFixture servers)
{
    [Fact]
    public void Thumbprint_of_RFC_7638_section_3_1()
    {
        using var key = Jwk.ReadPublic(
            JsonDocument
                .Parse(
                    """
                    {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
                    """
                )
                .RootElement
        );
        Jwk.ThumbprintOf(key.ShouldNotBeNull()).ShouldBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    [Fact]
    public void Example_of_RFC_9449_section_4_1_is_valid_and_has_the_thumbprint_of_section_6_1()
    {
        const string example =
            "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldW"
            + "QVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2My"
            + "bFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdW"
            + "P0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
        Jwt.VerifySelfSigned(example, "dpop+jwt").ShouldNotBeNull().Thumbprint.ShouldBe("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    [Fact]
    public async Task A_request_without_a_proof_has_no_key_and_one_with_a_proof_has_its_thumbprint()
    {
        var desk = await Desk.Create(servers);
        (await desk.Read()).Failed(out var none, out _).ShouldBeFalse();
        none.ShouldBeNull();
        using var rsa = DpopKey.NewRsa();
        (await desk.Read(desk.Proof())).Value.ShouldBe(new DpopProof(desk.Key.Thumbprint));
        (await desk.Read(desk.Proof(key: rsa))).Value.ShouldBe(new DpopProof(rsa.Thumbprint));
    }

    [Fact]
    public async Task Row_9449_01_two_DPoP_headers_are_refused()
    {
        var desk = await Desk.Create(servers);
        await desk.Refuses(desk.Proof(), desk.Proof());
        var proof = desk.Proof();
        await desk.Refuses(proof, proof);
        await desk.Refuses($"{desk.Proof()}, {desk.Proof()}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("proof")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("e30.e30.e30")]
    public async Task Row_9449_02_what_is_not_one_well_formed_JWT_is_refused(string text)
    {
        var desk = await Desk.Create(servers);
        await desk.Refuses(text);
        await desk.Refuses($"{desk.Proof()}{text}.");
        await desk.Refuses($" {desk.Proof()}");
        await desk.Refuses($"{desk.Proof()}=");
    }

    [Theory]
    [InlineData("jti")]
    [InlineData("htm")]
    [InlineData("htu")]
    [InlineData("iat")]
    public async Task Row_9449_03_a_proof_without_one_of_its_claims_is_refused(string claim)
    {
        var desk = await Desk.Create(servers);
        await desk.Refuses(desk.Proof(claims => claims.Remove(claim)));
        await desk.Refuses(desk.Proof(claims => claims[claim] = null));
        await desk.Refuses(desk.Proof(claims => claims[claim] = new JsonArray(claims[claim]!.DeepClone())));
        await desk.Refuses(desk.Proof(claims => claims[claim] = ""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("at+jwt")]
    [InlineData("dpop+jwt ")]
    [InlineData("DPOP+JWT")]
    public async Task Row_9449_04_another_type_is_refused(string? type)
    {
        var desk = await Desk.Create(servers);
        await desk.Refuses(
            desk.Proof(header: header =>
            {
                header.Remove("typ");
                if (type is not null)
                {
                    header["typ"] = type;
                }
            })
        );
    }

    [Fact]
    public async Task Row_9449_05_none_and_shared_secrets_and_unlisted_algorithms_are_refused()
    {
        var desk = await Desk.Create(servers);
        foreach (var algorithm in new[] { "none", "None", "HS256", "RS256", "PS256", "ES384", "EdDSA", "" })
        {
            await desk.Refuses(desk.Proof(header: header => header["alg"] = algorithm));
        }

        await desk.Refuses(desk.Proof(header: header => header.Remove("alg")));
        var unsigned = desk.Proof(header: header => header["alg"] = "none");
        await desk.Refuses($"{unsigned[..unsigned.LastIndexOf('.')]}.");

        // A secret as the key, and the public key as the secret.
        var secret = Encoding.ASCII.GetBytes(Secrets.Token());
        var header = $$$"""{"typ":"dpop+jwt","alg":"HS256","jwk":{"kty":"oct","k":"{{{Base64Url.EncodeToString(secret)}}}"}}""";
        using var symmetric = new DpopKey(new HmacKey(secret, keyId: null));
        await desk.Refuses(symmetric.Sign(header, desk.Claims().ToJsonString()));
        using var disguised = new DpopKey(new HmacKey(Encoding.UTF8.GetBytes(desk.Key.PublicJwk().ToJsonString()), keyId: null));
        header = $$$"""{"typ":"dpop+jwt","alg":"HS256","jwk":{{{desk.Key.PublicJwk().ToJsonString()}}}}""";
        await desk.Refuses(disguised.Sign(header, desk.Claims().ToJsonString()));
    }

    [Fact]
    public async Task Row_9449_06_a_signature_by_another_key_is_refused()
    {
        var desk = await Desk.Create(servers);
        using var other = DpopKey.NewEc();
        await desk.Refuses(desk.Proof(header: header => header["jwk"] = other.PublicJwk()));
        await desk.Refuses(desk.Proof(header: header => header.Remove("jwk")));
        await desk.Refuses(desk.Proof(header: header => header["jwk"] = desk.Key.PublicJwk().ToJsonString()));
        await desk.Refuses(desk.Proof(header: header => header["crit"] = new JsonArray("b64")));
    }

    [Theory]
    [InlineData("d", "AQAB")]
    [InlineData("k", "AQAB")]
    [InlineData("p", "")]
    [InlineData("oth", "x")]
    [InlineData("use", "enc")]
    [InlineData("alg", "RS256")]
    [InlineData("crv", "P-384")]
    [InlineData("kty", "oct")]
    public async Task Row_9449_07_a_key_with_private_members_or_of_another_kind_is_refused(string member, string value)
    {
        var desk = await Desk.Create(servers);
        await desk.Refuses(
            desk.Proof(header: header =>
            {
                var jwk = desk.Key.PublicJwk();
                jwk[member] = value;
                header["jwk"] = jwk;
            })
        );
    }

    [Fact]
    public async Task Row_9449_07_a_key_in_another_spelling_would_have_another_thumbprint_and_is_refused()
    {
        var desk = await Desk.Create(servers);
        using var rsa = DpopKey.NewRsa();
        foreach (var (key, member, change) in Spellings(desk.Key, rsa))
        {
            var jwk = key.PublicJwk();
            jwk[member] = change(jwk[member]!.GetValue<string>());
            await desk.Refuses(desk.Proof(header: header => header["jwk"] = jwk, key: key));
        }

        static IEnumerable<(DpopKey Key, string Member, Func<string, string> Change)> Spellings(DpopKey ec, DpopKey rsa)
        {
            yield return (ec, "x", text => $"{text}=");
            yield return (ec, "x", text => $" {text}");
            yield return (ec, "y", WithLeadingZero);
            yield return (rsa, "n", WithLeadingZero);
            yield return (rsa, "e", WithLeadingZero);
            yield return (rsa, "n", text => $"{text}==");
        }

        static string WithLeadingZero(string text) => Base64Url.EncodeToString([0, .. Base64Url.DecodeFromChars(text)]);
    }

    [Fact]
    public async Task Row_9449_07_keys_that_are_too_short_or_cost_too_much_are_refused()
    {
        var desk = await Desk.Create(servers);
        using var small = RSA.Create(1024);
        var (header, claims) = (Header(small.ExportParameters(includePrivateParameters: false)), desk.Claims().ToJsonString());
        var signed =
            $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        var signature = small.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        await desk.Refuses($"{signed}.{Base64Url.EncodeToString(signature)}");

        var huge = Base64Url.EncodeToString([0xC1, .. new byte[1022], 0x01]);
        using var rsa = DpopKey.NewRsa();
        await desk.Refuses(desk.Proof(header: json => json["jwk"]!["n"] = huge, key: rsa));
        await desk.Refuses(desk.Proof(header: json => json["jwk"]!["e"] = "AQAAAAAB", key: rsa));

        static string Header(RSAParameters key) =>
            new JsonObject
            {
                ["typ"] = "dpop+jwt",
                ["alg"] = "RS256",
                ["jwk"] = new JsonObject
                {
                    ["kty"] = "RSA",
                    ["n"] = Base64Url.EncodeToString(key.Modulus),
                    ["e"] = Base64Url.EncodeToString(key.Exponent),
                },
            }.ToJsonString();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("post")]
    public async Task Row_9449_08_another_method_is_refused(string method)
    {
        var desk = await Desk.Create(servers);
        await desk.Refuses(desk.Proof(claims => claims["htm"] = method));
    }

    [Fact]
    public async Task Row_9449_09_another_address_is_refused_and_another_spelling_of_the_same_is_accepted()
    {
        var desk = await Desk.Create(servers, "https://id.example.com");
        var path = $"/apps/{desk.App.Id}/oauth2/token";
        string[] same =
        [
            $"https://id.example.com{path}",
            $"https://id.example.com{path}?a=b",
            $"https://id.example.com{path}#part",
            $"https://id.example.com{path}?#",
            $"HTTPS://ID.Example.COM{path}",
            $"https://id.example.com:443{path}",
        ];
        string[] others =
        [
            $"http://id.example.com{path}",
            $"https://id.example.com:444{path}",
            $"https://id.example.com:80{path}",
            $"https://evil.example.com{path}",
            $"https://id.example.com.evil.com{path}",
            $"https://user@id.example.com{path}",
            $"https://id.example.com@evil.com{path}",
            $"https://id.example.com{path}/",
            $"https://id.example.com{path.ToUpperInvariant()}",
            $"https://id.example.com/apps/{desk.App.Id}/oauth2/userinfo",
            "https://id.example.com",
            path,
            $"//id.example.com{path}",
        ];
        foreach (var address in same)
        {
            (await desk.Read(desk.Proof(claims => claims["htu"] = address))).Succeeded.ShouldBeTrue(address);
        }

        foreach (var address in others)
        {
            await desk.Refuses(desk.Proof(claims => claims["htu"] = address));
        }
    }

    [Fact]
    public async Task Row_9449_10_the_public_address_counts_behind_a_proxy_and_not_the_host_that_the_request_names()
    {
        var desk = await Desk.Create(servers, "https://id.example.com");
        desk.Host = "10.0.0.7:8080";
        (await desk.Read(desk.Proof())).Succeeded.ShouldBeTrue();
        await desk.Refuses(desk.Proof(claims => claims["htu"] = $"http://10.0.0.7:8080/apps/{desk.App.Id}/oauth2/token"));
    }

    [Theory]
    [InlineData(-60, true)]
    [InlineData(-62, false)]
    [InlineData(-3600, false)]
    [InlineData(8, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(3600, false)]
    public async Task Row_9449_11_a_proof_works_from_a_minute_before_to_ten_seconds_after_its_time(int seconds, bool isAccepted)
    {
        var desk = await Desk.Create(servers);
        var proof = desk.Proof(claims => claims["iat"] = desk.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds);
        if (isAccepted)
        {
            (await desk.Read(proof)).Succeeded.ShouldBeTrue();
        }
        else
        {
            await desk.Refuses(proof);
        }
    }

    [Fact]
    public async Task Row_9449_12_a_proof_works_once_on_all_nodes_until_its_time_is_over()
    {
        var desk = await Desk.Create(servers);
        var proof = desk.Proof(claims => claims["jti"] = "same");
        (await desk.Read(proof)).Succeeded.ShouldBeTrue();
        await desk.Refuses(proof);
        await desk.Refuses(desk.Proof(claims => claims["jti"] = "same"));
        await desk.OnAnotherNode().Refuses(proof);
        using var other = DpopKey.NewEc();
        (await desk.Read(desk.Proof(claims => claims["jti"] = "same", key: other))).Succeeded.ShouldBeTrue();

        // To its last moment it is remembered, and after it the time alone refuses.
        desk.Clock.Advance(TimeSpan.FromSeconds(60));
        await desk.ForgetExpired();
        await desk.Refuses(proof);
        desk.Clock.Advance(TimeSpan.FromSeconds(2));
        await desk.ForgetExpired();
        (await desk.CountRemembered()).ShouldBe(0);
        await desk.Refuses(proof);
    }

    [Fact]
    public async Task Row_9449_12_of_twenty_uses_of_a_proof_at_once_one_succeeds()
    {
        var desk = await Desk.Create(servers);
        var proof = desk.Proof();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.Read(proof)));
        answers.Count(answer => answer.Succeeded).ShouldBe(1);
    }

    [Fact]
    public async Task Row_9449_12_a_long_id_is_stored_as_a_hash_and_a_huge_one_is_refused()
    {
        var desk = await Desk.Create(servers);
        var proof = desk.Proof(claims => claims["jti"] = new string('j', 4_000));
        (await desk.Read(proof)).Succeeded.ShouldBeTrue();
        await desk.Refuses(proof);
        (await desk.LongestId()).ShouldBeLessThan(50);
        await desk.Refuses(desk.Proof(claims => claims["jti"] = new string('j', 10_000)));
    }

    [Fact]
    public async Task Row_9449_24_a_nonce_is_demanded_by_the_setting_and_an_old_or_foreign_one_is_refused_with_a_new_one()
    {
        var desk = await Desk.Create(servers);
        desk.NonceRequired = true;
        var nonce = await desk.AsksForNonce(desk.Proof());
        (await desk.Read(desk.Proof(nonce: nonce))).Succeeded.ShouldBeTrue();
        desk.NonceOfAnswer.ShouldBe(nonce);
        await desk.AsksForNonce(desk.Proof(nonce: "made up"));
        await desk.AsksForNonce(desk.Proof(nonce: ""));

        // Of another application, and of the other endpoint.
        await desk.AsksForNonce(desk.Proof(nonce: desk.Nonces.Current(Secrets.AppId(), DpopNonces.OfServer)));
        await desk.AsksForNonce(desk.Proof(nonce: desk.Nonces.Current(desk.App.Id, DpopNonces.OfResource)));

        desk.Clock.Advance(TimeSpan.FromMinutes(5));
        (await desk.Read(desk.Proof(nonce: nonce))).Succeeded.ShouldBeTrue();
        desk.NonceOfAnswer.ShouldNotBe(nonce);
        desk.Clock.Advance(TimeSpan.FromMinutes(5));
        var fresh = await desk.AsksForNonce(desk.Proof(nonce: nonce));
        (await desk.Read(desk.Proof(nonce: fresh))).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Row_9449_25_once_a_nonce_was_given_a_proof_without_it_is_refused_and_not_used_up()
    {
        var desk = await Desk.Create(servers);
        desk.NonceRequired = true;
        var nonce = await desk.AsksForNonce(desk.Proof());
        (await desk.Read(desk.Proof(claims => claims["jti"] = "first", nonce: nonce))).Succeeded.ShouldBeTrue();
        await desk.AsksForNonce(desk.Proof(claims => claims["jti"] = "second"));
        (await desk.Read(desk.Proof(claims => claims["jti"] = "second", nonce: nonce))).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Row_9449_27_a_nonce_is_unpredictable_and_has_only_the_allowed_characters()
    {
        var desk = await Desk.Create(servers);
        var (server, resource) = (
            desk.Nonces.Current(desk.App.Id, DpopNonces.OfServer),
            desk.Nonces.Current(desk.App.Id, DpopNonces.OfResource)
        );
        server.ShouldMatch("^[A-Za-z0-9_-]{43}$");
        resource.ShouldMatch("^[A-Za-z0-9_-]{43}$");
        server.ShouldNotBe(resource);
        var others = await servers.NewInstallation();
        new DpopNonces(await others.Get<KeyRing>(), desk.Clock).Current(desk.App.Id, DpopNonces.OfServer).ShouldNotBe(server);
    }

    [Fact]
    public async Task Row_9449_30_the_hash_of_the_access_token_is_demanded_where_one_is_used()
    {
        var desk = await Desk.Create(servers);
        desk.AccessToken = "the-token";
        (await desk.Read(desk.Proof(accessToken: "the-token"))).Succeeded.ShouldBeTrue();
        await desk.Refuses(desk.Proof());
        await desk.Refuses(desk.Proof(accessToken: "another-token"));
        await desk.Refuses(desk.Proof(claims => claims["ath"] = "the-token"));
    }

    [Fact]
    public async Task F_27_CheckDpopProofNbfExp_and_unknown_members_are_accepted()
    {
        var desk = await Desk.Create(servers);
        var now = desk.Clock.GetUtcNow().ToUnixTimeSeconds();
        var proof = desk.Proof(
            claims => (claims["nbf"], claims["exp"], claims["extra"]) = (now, now + 300, new JsonObject { ["a"] = 1 }),
            header => (header["kid"], header["extra"]) = ("any", "more")
        );
        (await desk.Read(proof)).Value.ShouldBe(new DpopProof(desk.Key.Thumbprint));
    }

    [Fact]
    public async Task No_proof_with_a_changed_byte_is_accepted()
    {
        var desk = await Desk.Create(servers);
        using var rsa = DpopKey.NewRsa();
        var (random, tried) = (new Random(9449), 0);
        string[] proofs = [desk.Proof(), desk.Proof(key: rsa)];
        for (var round = 0; round < TestScale.Size(4, 100); round++)
        {
            foreach (var proof in proofs)
            {
                for (var place = 0; place < proof.Length; place++, tried++)
                {
                    var changed = proof.ToCharArray();
                    changed[place] = (char)(changed[place] ^ (1 << random.Next(7)));
                    await desk.Refuses(new string(changed));
                }
            }
        }

        tried.ShouldBeGreaterThan(5_000);
        (await desk.Read(proofs[0])).Succeeded.ShouldBeTrue();
        (await desk.Read(proofs[1])).Succeeded.ShouldBeTrue();
    }

    /// <summary>The token endpoint of an application, as the proofs see it, with a clock of its own.</summary>
    private sealed class Desk(ProviderApp app, Application application, string issuer, Database database, KeyRing ring, ManualClock clock)
    {
        private readonly UsedTokenStore used = new();

        public ProviderApp App => app;

        public ManualClock Clock => clock;

        public DpopKey Key { get; private init; } = DpopKey.NewEc();

        public DpopNonces Nonces { get; } = new(ring, clock);

        public string Host { get; set; } = "localhost";

        public bool NonceRequired { get; set; }

        public string? AccessToken { get; set; }

        public string? NonceOfAnswer { get; private set; }

        public static async Task<Desk> Create(ServerFixture servers, string? publicUrl = null)
        {
            var app = await ProviderApp.Create(servers);
            var (cache, database, ring) = (
                await app.Installation.Get<ApplicationCache>(),
                await app.Installation.Get<Database>(),
                await app.Installation.Get<KeyRing>()
            );
            var clock = new ManualClock(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
            var issuer = publicUrl is null ? app.Issuer : $"{publicUrl}/apps/{app.Id}";
            return new Desk(app, (await cache.Find(app.Id))!, issuer, database, ring, clock);
        }

        public Desk OnAnotherNode() => new(app, application, issuer, database, ring, clock) { Key = Key };

        public JsonObject Claims() =>
            new()
            {
                ["jti"] = Secrets.Token(),
                ["htm"] = "POST",
                ["htu"] = $"{issuer}/oauth2/token",
                ["iat"] = clock.GetUtcNow().ToUnixTimeSeconds(),
            };

        public string Proof(
            Action<JsonObject>? claims = null,
            Action<JsonObject>? header = null,
            DpopKey? key = null,
            string? nonce = null,
            string? accessToken = null
        ) =>
            (key ?? Key).Proof(
                $"{issuer}/oauth2/token",
                accessToken: accessToken,
                nonce: nonce,
                change: json =>
                {
                    json["iat"] = clock.GetUtcNow().ToUnixTimeSeconds();
                    claims?.Invoke(json);
                },
                changeHeader: header
            );

        public async Task<Result<DpopProof?>> Read(params string[] headers)
        {
            var context = new DefaultHttpContext();
            (context.Request.Method, context.Request.Host) = ("POST", new HostString(Host));
            if (headers.Length > 0)
            {
                context.Request.Headers[DpopProofs.Header] = headers;
            }

            var caller = new ProviderCaller(application, ClientAddress.From(null), issuer);
            var endpoint = AccessToken is null
                ? DpopEndpoint.OfServer(caller, "token")
                : DpopEndpoint.OfResource(caller, "POST", "token", AccessToken);
            var proofs = new DpopProofs(used, database, Nonces, clock);
            var answer = await proofs.Read(context.Request, caller, Client(), endpoint);
            NonceOfAnswer = context.Response.Headers[DpopNonces.Header];
            return answer;
        }

        public async Task Refuses(params string[] headers)
        {
            (await Read(headers)).Failed(out _, out var error).ShouldBeTrue(headers[0]);
            error!.OAuthCode.ShouldBe("invalid_dpop_proof");
        }

        /// <summary>The nonce that the refusal offers.</summary>
        public async Task<string> AsksForNonce(string proof)
        {
            (await Read(proof)).Failed(out _, out var error).ShouldBeTrue();
            error!.OAuthCode.ShouldBe("use_dpop_nonce");
            return NonceOfAnswer.ShouldNotBeNull();
        }

        public Task ForgetExpired() => database.Write(db => used.RemoveExpired(db, clock.Now(), 1_000));

        public Task<int> CountRemembered() =>
            App.Installation.Query<int>("SELECT COUNT(*) FROM used_tokens WHERE app_id = @Id", new { App.Id });

        public Task<int> LongestId() =>
            App.Installation.Query<int>("SELECT MAX(LENGTH(id)) FROM used_tokens WHERE app_id = @Id", new { App.Id });

        private Client Client() =>
            new()
            {
                AppId = app.Id,
                Id = "client",
                Name = "Client",
                Type = ClientType.Web,
                Settings = new ClientSettings { DpopNonceRequired = NonceRequired },
                Secrets = [],
                CreatedAt = 0,
                UpdatedAt = 0,
            };
    }
}
