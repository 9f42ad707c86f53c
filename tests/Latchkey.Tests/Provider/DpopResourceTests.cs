using System.Net;
using System.Text.Json.Nodes;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Bound access tokens at UserInfo, introspection and the metadata (RFC 9449 §6 to §9).</summary>
public sealed class DpopResourceTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task F_26_DpopNegativeTests()
    {
        var desk = await Desk.Create(servers);
        var (token, uri) = (desk.Token, desk.Uri);
        using var other = DpopKey.NewEc();
        string Proof(Action<JsonObject>? change = null, Action<JsonObject>? header = null) =>
            desk.Key.Proof(uri, "GET", token, change: change, changeHeader: header);

        var privateJwk = desk.Key.PublicJwk();
        privateJwk["d"] = "AQAB";
        (string Fault, string Proof)[] refused =
        [
            ("no JWT", "proof"),
            ("without typ", Proof(header: header => header.Remove("typ"))),
            ("without alg", Proof(header: header => header.Remove("alg"))),
            ("without jwk", Proof(header: header => header.Remove("jwk"))),
            ("without jti", Proof(claims => claims.Remove("jti"))),
            ("without htm", Proof(claims => claims.Remove("htm"))),
            ("without htu", Proof(claims => claims.Remove("htu"))),
            ("without iat", Proof(claims => claims.Remove("iat"))),
            ("without ath", Proof(claims => claims.Remove("ath"))),
            ("wrong typ", Proof(header: header => header["typ"] = "jwt")),
            ("disallowed alg", Proof(header: header => header["alg"] = "ES384")),
            ("none", Proof(header: header => header["alg"] = "none")),
            ("bad signature", $"{Proof()[..^4]}AAAA"),
            ("private jwk", Proof(header: header => header["jwk"] = privateJwk)),
            ("htm PUT", Proof(claims => claims["htm"] = "PUT")),
            ("other htu", Proof(claims => claims["htu"] = desk.Provider.Address("token"))),
            ("an hour ago", Proof(claims => claims["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 3600)),
            ("in an hour", Proof(claims => claims["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3600)),
            ("wrong ath", desk.Key.Proof(uri, "GET", "another-token")),
        ];
        foreach (var (fault, proof) in refused)
        {
            (await desk.Get("DPoP", ("DPoP", proof))).Status.ShouldBe(HttpStatusCode.Unauthorized, fault);
        }

        (await desk.Get("DPoP", ("DPoP", Proof()), ("DPoP", Proof()))).ShouldRefuse("invalid_dpop_proof", HttpStatusCode.Unauthorized);
        (await desk.Get("DPoP", other.Header(uri, "GET", token))).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        (await desk.Get("DPoP")).ShouldRefuse("invalid_dpop_proof", HttpStatusCode.Unauthorized);
        (await desk.Get("Bearer")).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        (await desk.Get("Bearer", ("DPoP", Proof()))).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);

        var used = Proof();
        (await desk.Get("DPoP", ("DPoP", used))).ShouldBeOk();
        (await desk.Get("DPoP", ("DPoP", used))).ShouldRefuse("invalid_dpop_proof", HttpStatusCode.Unauthorized);
        (await desk.Get("DPoP", ("DPOP", Proof()))).ShouldBeOk();
        (await desk.Get("DPoP", ("DPoP", Proof(claims => claims["htu"] = $"{uri}?a=b#c")))).ShouldBeOk();
        (
            await desk.Get("DPoP", ("DPoP", Proof(claims => claims["htu"] = uri.Replace("http:", "HTTP:", StringComparison.Ordinal))))
        ).ShouldBeOk();
        (await desk.Get("DPoP", ("DPoP", Proof(claims => claims["more"] = "member", header => header["more"] = "member")))).ShouldBeOk();
    }

    [Fact]
    public async Task F_27_CheckDpopProofNbfExp_at_userinfo()
    {
        var (desk, now) = (await Desk.Create(servers), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        (await desk.Get("DPoP", desk.Proof(claims => (claims["nbf"], claims["exp"]) = (now, now + 300)))).ShouldBeOk();
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(8)]
    public async Task F_28_EnsureDpopProofWithIat10SecondsBefore_and_AfterSucceeds_at_userinfo(int seconds)
    {
        var (desk, now) = (await Desk.Create(servers), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        (await desk.Get("DPoP", desk.Proof(claims => claims["iat"] = now + seconds))).ShouldBeOk();
    }

    [Fact]
    public async Task Row_9449_16_introspection_says_what_key_a_token_is_bound_to_and_wants_no_proof()
    {
        var desk = await Desk.Create(servers);
        var reply = await desk.Provider.Post("introspect", [("token", desk.Token)], desk.Client.Basic);
        reply.ShouldBeOk().Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        reply.Text("token_type").ShouldBe("DPoP");
        reply.Json.GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(desk.Key.Thumbprint);
    }

    [Fact]
    public async Task Row_9449_21_the_metadata_lists_the_algorithms_of_proofs()
    {
        var provider = await ProviderApp.Create(servers);
        var metadata = await provider.App.Server.Get($"/apps/{provider.Id}/.well-known/openid-configuration");
        metadata
            .ShouldBeOk()
            .Json.GetProperty("dpop_signing_alg_values_supported")
            .EnumerateArray()
            .Select(one => one.GetString())
            .ShouldBe(["ES256", "RS256"]);
    }

    [Fact]
    public async Task Row_9449_23_userinfo_demands_a_nonce_of_its_own()
    {
        var desk = await Desk.Create(servers, settings => settings with { DpopNonceRequired = true });
        var refused = (await desk.Get("DPoP", desk.Proof())).ShouldRefuse("use_dpop_nonce", HttpStatusCode.Unauthorized);
        refused.Header("WWW-Authenticate").ShouldNotBeNull().ShouldStartWith("DPoP ");
        refused.Header("WWW-Authenticate").ShouldNotBeNull().ShouldContain("error=\"use_dpop_nonce\"");
        var nonce = refused.Header("DPoP-Nonce").ShouldNotBeNull();
        (await desk.Get("DPoP", desk.Proof(nonce: desk.TokenNonce))).ShouldRefuse("use_dpop_nonce", HttpStatusCode.Unauthorized);
        var answer = (await desk.Get("DPoP", desk.Proof(nonce: nonce))).ShouldBeOk();
        answer.Header("DPoP-Nonce").ShouldNotBeNull();
        answer.Header("Cache-Control").ShouldBe("no-store");
    }

    [Theory]
    [InlineData("DPoP")]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    public async Task Row_9449_29_a_token_and_a_proof_are_accepted_and_the_case_of_the_scheme_is_ignored(string scheme)
    {
        var desk = await Desk.Create(servers);
        (await desk.Get(scheme, desk.Proof())).ShouldBeOk();
        (await desk.Get(scheme)).ShouldRefuse("invalid_dpop_proof", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Row_9449_36_userinfo_takes_bound_tokens_by_GET_and_by_POST()
    {
        var desk = await Desk.Create(servers);
        var subject = LoggedInUser.DecodePart(desk.Token, 1).GetProperty("sub").GetString();
        (await desk.Get("DPoP", desk.Proof())).Text("sub").ShouldBe(subject);
        var posted = desk.Key.Header(desk.Uri, "POST", desk.Token);
        (await desk.Provider.Post("userinfo", [], ("Authorization", $"DPoP {desk.Token}"), posted)).Text("sub").ShouldBe(subject);
    }

    [Fact]
    public async Task Row_9449_31_a_proof_by_another_key_than_the_tokens_is_refused()
    {
        var desk = await Desk.Create(servers);
        using var other = DpopKey.NewEc();
        var refused = await desk.Get("DPoP", other.Header(desk.Uri, "GET", desk.Token));
        refused.ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        refused.Header("WWW-Authenticate").ShouldNotBeNull().ShouldContain("DPoP realm=");
    }

    [Fact]
    public async Task Row_9449_32_a_bound_token_is_no_bearer_token_in_the_header_or_the_form()
    {
        var desk = await Desk.Create(servers);
        (await desk.Get("Bearer")).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        (await desk.Provider.Post("userinfo", [("access_token", desk.Token)])).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Row_9449_33_a_bearer_token_does_not_become_a_bound_one()
    {
        var desk = await Desk.Create(servers);
        var bearer = (await desk.Client.Exchange(await desk.Provider.IssueCode(desk.Client, desk.User))).Text("access_token");
        var refused = await desk.With(bearer).Get("DPoP", desk.Key.Header(desk.Uri, "GET", bearer));
        refused.ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        (await desk.With(bearer).Get("Bearer")).ShouldBeOk();
    }

    [Fact]
    public async Task Row_9449_34_two_tokens_are_invalid_request()
    {
        var desk = await Desk.Create(servers);
        (await desk.Get("DPoP", desk.Proof(), ("Authorization", $"Bearer {desk.Token}"))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_9449_35_the_challenge_names_the_algorithms_and_an_error_only_if_a_token_came()
    {
        var desk = await Desk.Create(servers);
        var none = await desk.Provider.App.Server.Get($"/apps/{desk.Provider.Id}/oauth2/userinfo");
        none.Status.ShouldBe(HttpStatusCode.Unauthorized);
        var challenge = none.Header("WWW-Authenticate").ShouldNotBeNull();
        challenge.ShouldContain("DPoP realm=");
        challenge.ShouldContain("algs=\"ES256 RS256\"");
        challenge.ShouldNotContain("error");
        var refused = (await desk.With("made-up").Get("DPoP", desk.Proof())).Header("WWW-Authenticate").ShouldNotBeNull();
        refused.ShouldStartWith("DPoP realm=");
        refused.ShouldContain("error=\"invalid_token\"");
        refused.ShouldContain("algs=\"ES256 RS256\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row_9449_38_and_F_29_a_pushed_request_binds_the_code_by_its_proof_or_by_dpop_jkt(bool byProof)
    {
        var desk = await Desk.Create(servers);
        using var other = DpopKey.NewEc();
        foreach (var (key, isRight) in new[] { (desk.Key, true), (other, false) })
        {
            var pushed = byProof ? await desk.Push(key: desk.Key) : await desk.Push(more: ("dpop_jkt", desk.Key.Thumbprint));
            pushed.Status.ShouldBe(HttpStatusCode.Created, pushed.Text);
            var code = await desk.CodeOf(pushed);
            var reply = await desk.Client.ExchangeWith(key.TokenProof(desk.Provider), code);
            if (isRight)
            {
                reply.Claims("access_token").GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(desk.Key.Thumbprint);
            }
            else
            {
                reply.ShouldRefuse("invalid_grant");
            }
        }
    }

    [Fact]
    public async Task Row_9449_39_and_F_30_EnsureMismatchedDpopJktFails_where_both_are_pushed()
    {
        var desk = await Desk.Create(servers);
        using var other = DpopKey.NewEc();
        (await desk.Push(key: desk.Key, more: ("dpop_jkt", other.Thumbprint))).ShouldRefuse("invalid_dpop_proof");
        (await desk.Push(key: desk.Key, more: ("dpop_jkt", desk.Key.Thumbprint))).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Row_9449_13_a_bad_proof_beside_a_pushed_request_is_refused()
    {
        var desk = await Desk.Create(servers);
        var proof = desk.Key.Header(desk.Provider.Address("token"));
        (await desk.Provider.Post("par", desk.PushForm(), desk.Client.Basic, proof)).ShouldRefuse("invalid_dpop_proof");
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(8)]
    public async Task F_28_EnsureDpopProofWithIat10SecondsBefore_and_AfterSucceeds_at_par(int seconds)
    {
        var (desk, now) = (await Desk.Create(servers), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var proof = desk.Key.Header(desk.Provider.Address("par"), change: claims => claims["iat"] = now + seconds);
        (await desk.Provider.Post("par", desk.PushForm(), desk.Client.Basic, proof)).Status.ShouldBe(HttpStatusCode.Created);
    }

    /// <summary>A user's token that is bound to a key.</summary>
    private sealed record Desk(ProviderApp Provider, ProviderClient Client, LoggedInUser User, DpopKey Key, string Token)
    {
        public string Uri => Provider.Address("userinfo");

        public string? TokenNonce { get; private init; }

        public static async Task<Desk> Create(ServerFixture servers, Func<ClientSettings, ClientSettings>? change = null)
        {
            var provider = await ProviderApp.Create(servers);
            var (client, user, key) = (
                await provider.AddClient(ClientType.Web, settings => (change?.Invoke(settings) ?? settings) with { FirstParty = true }),
                await provider.App.CreateUser(Ann),
                DpopKey.NewEc()
            );
            var code = await provider.IssueCode(client, user);
            var reply = await client.ExchangeWith(key.TokenProof(provider), code);
            var nonce = reply.Header("DPoP-Nonce");
            reply = nonce is null ? reply : await client.ExchangeWith(key.TokenProof(provider, nonce), code);
            return new Desk(provider, client, user, key, reply.Text("access_token")) { TokenNonce = nonce };
        }

        public Desk With(string token) => this with { Token = token };

        public (string Name, string Value) Proof(Action<JsonObject>? change = null, string? nonce = null) =>
            Key.Header(Uri, "GET", Token, nonce, change);

        public Task<Reply> Get(string scheme, params (string Name, string Value)[] headers) =>
            Provider.App.Server.Get($"/apps/{Provider.Id}/oauth2/userinfo", [("Authorization", $"{scheme} {Token}"), .. headers]);

        public (string Name, string Value)[] PushForm() =>
            [
                ("response_type", "code"),
                ("scope", "openid"),
                ("redirect_uri", ProviderApp.RedirectUri),
                ("code_challenge", ProviderApp.ChallengeOf(ProviderApp.Verifier)),
                ("code_challenge_method", "S256"),
            ];

        public Task<Reply> Push(DpopKey? key = null, params (string Name, string Value)[] more) =>
            key is null
                ? Provider.Post("par", [.. PushForm(), .. more], Client.Basic)
                : Provider.Post("par", [.. PushForm(), .. more], Client.Basic, key.Header(Provider.Address("par")));

        public async Task<string> CodeOf(Reply pushed)
        {
            using var browser = new Browser(Provider);
            var uri = System.Uri.EscapeDataString(pushed.Json.GetProperty("request_uri").GetString()!);
            var visit = await browser.Open($"oauth2/authorize?client_id={Client.Id}&request_uri={uri}");
            return (visit.Away is null ? await browser.SignIn(visit, Ann) : visit).Code;
        }
    }
}
