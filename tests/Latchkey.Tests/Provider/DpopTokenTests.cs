using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Provider.Clients;
using Latchkey.Tests.Api.Sessions;

namespace Latchkey.Tests.Provider;

/// <summary>DPoP at the token endpoint (RFC 9449 §5, §8, §10).</summary>
public sealed class DpopTokenTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Row_9449_13_every_fault_of_a_proof_is_invalid_dpop_proof_and_the_code_still_works()
    {
        var (provider, client, user) = await Create(ClientType.Native);
        using var key = DpopKey.NewEc();
        var (uri, code) = (provider.Address("token"), await provider.IssueCode(client, user));
        (string, string)[] faults =
        [
            ("DPoP", "none"),
            key.Header(uri, change: claims => claims.Remove("jti")),
            key.Header(uri, method: "GET"),
            key.Header(provider.Address("userinfo")),
            key.Header(uri, change: claims => claims["iat"] = 1),
            ("DPoP", key.Proof(uri, changeHeader: header => header["typ"] = "JWT")),
            ("DPoP", $"{key.Proof(uri)}, {key.Proof(uri)}"),
        ];
        foreach (var fault in faults)
        {
            (await client.ExchangeWith(fault, code)).ShouldRefuse("invalid_dpop_proof");
        }

        (await client.ExchangeWith(key.TokenProof(provider), code)).Text("token_type").ShouldBe("DPoP");
    }

    [Fact]
    public async Task Row_9449_12_a_proof_that_was_used_is_refused_by_the_server()
    {
        var (provider, client, user) = await Create(ClientType.Native);
        using var key = DpopKey.NewEc();
        var proof = key.TokenProof(provider);
        (await client.ExchangeWith(proof, await provider.IssueCode(client, user))).ShouldBeOk();
        (await client.ExchangeWith(proof, await provider.IssueCode(client, user))).ShouldRefuse("invalid_dpop_proof");
    }

    [Fact]
    public async Task Row_9449_14_a_proof_gives_a_token_of_the_type_DPoP()
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewRsa();
        (await client.ExchangeWith(key.TokenProof(provider), await provider.IssueCode(client, user))).Text("token_type").ShouldBe("DPoP");
    }

    [Fact]
    public async Task Row_9449_15_the_token_names_the_SHA_256_thumbprint_of_its_key()
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewEc();
        var jwk = key.PublicJwk();
        var members = $$"""{"crv":"P-256","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}"""; // RFC 7638 §3.2
        var reply = await client.ExchangeWith(key.TokenProof(provider), await provider.IssueCode(client, user));
        KeyOf(reply).ShouldBe(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(members))));
    }

    [Fact]
    public async Task Row_9449_17_codes_refresh_tokens_and_client_credentials_take_a_proof()
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewEc();
        var first = await client.ExchangeWith(key.TokenProof(provider), await provider.IssueCode(client, user, "openid offline_access"));
        KeyOf(first).ShouldBe(key.Thumbprint);
        KeyOf(await client.RefreshWith(key.TokenProof(provider), first)).ShouldBe(key.Thumbprint);
        var service = await provider.AddClient(ClientType.Service);
        KeyOf(await service.TokenWith(key.TokenProof(provider), ("grant_type", GrantType.ClientCredentials))).ShouldBe(key.Thumbprint);
    }

    [Fact]
    public async Task Row_9449_18_the_refresh_token_of_a_public_client_is_bound_to_the_key()
    {
        var (provider, client, user) = await Create(ClientType.Native);
        using var key = DpopKey.NewEc();
        using var other = DpopKey.NewEc();
        var first = await client.ExchangeWith(key.TokenProof(provider), await provider.IssueCode(client, user, "openid offline_access"));
        (await client.RefreshWith(other.TokenProof(provider), first)).ShouldRefuse("invalid_grant");
        (await client.Token(("grant_type", "refresh_token"), ("refresh_token", first.Text("refresh_token")))).ShouldRefuse("invalid_grant");
        KeyOf(await client.RefreshWith(key.TokenProof(provider), first)).ShouldBe(key.Thumbprint);
    }

    [Fact]
    public async Task Row_9449_19_a_confidential_client_can_refresh_with_a_new_key()
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewEc();
        using var other = DpopKey.NewEc();
        var first = await client.ExchangeWith(key.TokenProof(provider), await provider.IssueCode(client, user, "openid offline_access"));
        KeyOf(await client.RefreshWith(other.TokenProof(provider), first)).ShouldBe(other.Thumbprint);
    }

    [Fact]
    public async Task A_bound_refresh_token_that_comes_again_with_its_key_is_answered_and_without_it_changes_nothing()
    {
        var (provider, client, user) = await Create(ClientType.Native);
        using var key = DpopKey.NewEc();
        using var thief = DpopKey.NewEc();
        var first = await client.ExchangeWith(key.TokenProof(provider), await provider.IssueCode(client, user, "openid offline_access"));
        var newest = first;
        for (var i = 0; i < 3; i++)
        {
            newest = await client.RefreshWith(key.TokenProof(provider), newest);
        }

        await provider.Installation.Execute(
            "UPDATE session_grants SET rotations = '1 1 1' WHERE app_id = @Id AND client = @client",
            new { provider.Id, client = client.Id }
        );
        (await client.RefreshWith(thief.TokenProof(provider), first)).ShouldRefuse("invalid_grant");
        var again = await client.RefreshWith(key.TokenProof(provider), first);
        again.Text("refresh_token").ShouldBe(newest.Text("refresh_token"));
        (await client.RefreshWith(key.TokenProof(provider), newest)).ShouldBeOk();
        (await user.TryGetUser()).ShouldBeOk();
    }

    [Fact]
    public async Task Row_9449_20_a_client_that_must_bind_its_tokens_is_refused_without_a_proof()
    {
        var (provider, client, user) = await Create(ClientType.Native, settings => settings with { DpopRequired = true });
        using var key = DpopKey.NewEc();
        var code = await provider.IssueCode(client, user);
        (await client.Exchange(code)).ShouldRefuse("invalid_dpop_proof");
        (await client.ExchangeWith(key.TokenProof(provider), code)).Text("token_type").ShouldBe("DPoP");
    }

    [Fact]
    public async Task Row_9449_22_a_nonce_is_demanded_and_given_once()
    {
        var (provider, client, user) = await Create(ClientType.Native, settings => settings with { DpopNonceRequired = true });
        using var key = DpopKey.NewEc();
        var code = await provider.IssueCode(client, user);
        var refused = (await client.ExchangeWith(key.TokenProof(provider), code)).ShouldRefuse("use_dpop_nonce");
        var nonce = refused.Header("DPoP-Nonce").ShouldNotBeNull();
        nonce.ShouldNotContain(","); // two headers would be joined by one
        (await client.ExchangeWith(key.TokenProof(provider, nonce), code)).Text("token_type").ShouldBe("DPoP");
    }

    [Fact]
    public async Task Row_9449_26_the_next_nonce_comes_with_a_success_that_no_cache_keeps()
    {
        var (provider, client, user) = await Create(ClientType.Native, settings => settings with { DpopNonceRequired = true });
        using var key = DpopKey.NewEc();
        var code = await provider.IssueCode(client, user, "openid offline_access");
        var nonce = (await client.ExchangeWith(key.TokenProof(provider), code)).Header("DPoP-Nonce");
        var reply = await client.ExchangeWith(key.TokenProof(provider, nonce), code);
        reply.Text("token_type").ShouldBe("DPoP");
        reply.Header("Cache-Control").ShouldBe("no-store");
        var next = reply.Header("DPoP-Nonce").ShouldNotBeNull();
        (await client.RefreshWith(key.TokenProof(provider, next), reply)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_9449_24_a_wrong_nonce_is_refused_with_a_right_one_and_the_code_still_works()
    {
        var (provider, client, user) = await Create(ClientType.Native, settings => settings with { DpopNonceRequired = true });
        using var key = DpopKey.NewEc();
        var code = await provider.IssueCode(client, user);
        var refused = (await client.ExchangeWith(key.TokenProof(provider, "eyJ7S_zG.eyJH0-Z.HX4w-7v"), code)).ShouldRefuse(
            "use_dpop_nonce"
        );
        (await client.ExchangeWith(key.TokenProof(provider, refused.Header("DPoP-Nonce")), code)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_9449_28_scripts_of_other_origins_can_read_the_nonce_and_the_challenge()
    {
        var (provider, client, _) = await Create(ClientType.Browser);
        var reply = await client.TokenWith(("Origin", "https://app.example.com"), ("grant_type", "authorization_code"), ("code", "none"));
        var exposed = reply.Header("Access-Control-Expose-Headers").ShouldNotBeNull().Split(',', StringSplitOptions.TrimEntries);
        exposed.ShouldContain("DPoP-Nonce");
        exposed.ShouldContain("WWW-Authenticate");
    }

    [Fact]
    public async Task Row_9449_37_a_code_that_is_bound_to_a_key_is_refused_with_another_or_without_a_proof()
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewEc();
        using var other = DpopKey.NewEc();
        Task<string> Code() => provider.IssueCode(client, user, change: code => code with { DpopKey = key.Thumbprint });
        (await client.ExchangeWith(other.TokenProof(provider), await Code())).ShouldRefuse("invalid_grant");
        (await client.Exchange(await Code())).ShouldRefuse("invalid_grant");
        KeyOf(await client.ExchangeWith(key.TokenProof(provider), await Code())).ShouldBe(key.Thumbprint);
    }

    [Fact]
    public async Task Row_9449_40_an_ordinary_client_gets_bearer_tokens_as_before()
    {
        var (provider, client, user) = await Create(ClientType.Native);
        var reply = await client.Exchange(await provider.IssueCode(client, user, "openid offline_access"));
        reply.Text("token_type").ShouldBe("Bearer");
        reply.Claims("access_token").TryGetProperty("cnf", out _).ShouldBeFalse();
        reply.Header("DPoP-Nonce").ShouldBeNull();
        (await client.Token(("grant_type", "refresh_token"), ("refresh_token", reply.Text("refresh_token"))))
            .Text("token_type")
            .ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_proof_is_looked_at_only_when_the_client_has_proved_itself()
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewEc();
        var (proof, code) = (key.TokenProof(provider), await provider.IssueCode(client, user));
        var stranger = client with { Secret = "wrong" };
        (await stranger.ExchangeWith(proof, code)).ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
        (await client.ExchangeWith(proof, code)).ShouldBeOk();
    }

    [Fact]
    public async Task F_17_RefreshToken_the_previous_one_works_after_30_seconds_and_bad_requests_do_no_harm()
    {
        var (provider, client, user) = await Create(ClientType.Web, settings => settings with { DpopRequired = true });
        var other = await provider.AddClient(change: settings => settings with { DpopRequired = true });
        using var key = DpopKey.NewEc();
        var first = await client.ExchangeWith(key.TokenProof(provider), await provider.IssueCode(client, user, "openid offline_access"));
        var second = await client.RefreshWith(key.TokenProof(provider), first);
        (string, string)[] form = [("grant_type", GrantType.RefreshToken), ("refresh_token", second.Text("refresh_token"))];

        (await other.TokenWith(key.TokenProof(provider), form)).ShouldRefuse("invalid_grant");
        (await provider.Post("token", form, key.TokenProof(provider))).ShouldRefuseClient();
        (await provider.Post("token", [.. form, ("client_id", client.Id)], key.TokenProof(provider))).ShouldRefuseClient();
        (await client.Token(form)).ShouldRefuse("invalid_dpop_proof");

        await provider.App.LetTimePass(TimeSpan.FromSeconds(30));
        var again = await client.RefreshWith(key.TokenProof(provider), first);
        again.Text("refresh_token").ShouldBe(second.Text("refresh_token"));
        var proof = key.Header(provider.Address("userinfo"), "GET", again.Text("access_token"));
        (await provider.Get("oauth2/userinfo", ("Authorization", $"DPoP {again.Text("access_token")}"), proof)).ShouldBeOk();
        (await client.RefreshWith(key.TokenProof(provider), second)).Text("refresh_token").ShouldNotBe(second.Text("refresh_token"));
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(8)]
    public async Task F_28_EnsureDpopProofWithIat10SecondsBefore_and_AfterSucceeds_at_the_token_endpoint(int seconds)
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewEc();
        var proof = key.Header(
            provider.Address("token"),
            change: claims => claims["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds
        );
        (await client.ExchangeWith(proof, await provider.IssueCode(client, user))).Text("token_type").ShouldBe("DPoP");
    }

    [Fact]
    public async Task F_29_EnsureDpopAuthCodeBindingSuccess()
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewEc();
        var code = await provider.IssueCode(client, user, change: code => code with { DpopKey = key.Thumbprint });
        KeyOf(await client.ExchangeWith(key.TokenProof(provider), code)).ShouldBe(key.Thumbprint);
    }

    [Fact]
    public async Task F_30_EnsureTokenEndpointFailsWithMismatchedDpopJkt()
    {
        var (provider, client, user) = await Create(ClientType.Web);
        using var key = DpopKey.NewEc();
        var code = await provider.IssueCode(client, user, change: code => code with { DpopKey = new string('A', 43) });
        (await client.ExchangeWith(key.TokenProof(provider), code)).ShouldRefuse("invalid_grant");
    }

    private static string? KeyOf(Reply reply) => reply.Claims("access_token").GetProperty("cnf").GetProperty("jkt").GetString();

    private async Task<(ProviderApp Provider, ProviderClient Client, LoggedInUser User)> Create(
        ClientType type,
        Func<ClientSettings, ClientSettings>? change = null
    )
    {
        var provider = await ProviderApp.Create(servers);
        return (provider, await provider.AddClient(type, change), await provider.App.CreateUser(Ann));
    }
}
