using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>A provider that lies, in every way that has a name here: nobody is signed in, nothing is changed, and the log has the cause.</summary>
public sealed class LyingProviderTests(ServerFixture servers)
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The lie, and what the log says of it.</summary>
    private static readonly Dictionary<string, (Action<LyingProvider> Lie, string Cause)> Lies = new()
    {
        ["another issuer in the ID token"] = (p => p.Claims = c => c["iss"] = "https://evil.example", "another issuer"),
        ["no issuer in the ID token"] = (p => p.Claims = c => c.Remove("iss"), "another issuer"),
        ["the issuer with a slash"] = (p => p.Claims = c => c["iss"] = $"{c["iss"]}/", "another issuer"),
        ["another audience"] = (p => p.Claims = c => c["aud"] = "another-client", "another audience"),
        ["no audience"] = (p => p.Claims = c => c.Remove("aud"), "another audience"),
        ["an audience that is a number"] = (p => p.Claims = c => c["aud"] = 1, "another audience"),
        ["several audiences without a party"] = (p => p.Claims = c => c["aud"] = new JsonArray(LyingProvider.ClientId, "x"), "no party"),
        ["another party"] = (p => p.Claims = c => c["azp"] = "another-client", "another party"),
        ["another nonce"] = (p => p.Claims = c => c["nonce"] = "of another sign-in", "another nonce"),
        ["no nonce"] = (p => p.Claims = c => c.Remove("nonce"), "another nonce"),
        ["an expired token"] = (p => p.Claims = c => c["exp"] = Now - 1, "expired"),
        ["a token that never expires"] = (p => p.Claims = c => c.Remove("exp"), "expired"),
        ["a token of the future"] = (p => p.Claims = c => c["iat"] = Now + 600, "not issued yet"),
        ["a token without a time"] = (p => p.Claims = c => c.Remove("iat"), "not issued yet"),
        ["a token that is not valid yet"] = (p => p.Claims = c => c["nbf"] = Now + 600, "not valid yet"),
        ["no subject"] = (
            p =>
            {
                p.Claims = c => c.Remove("sub");
                p.UserInfo = c => c.Remove("sub");
            },
            "does not say who"
        ),
        ["a subject that is too long"] = (p => p.Subject = new string('1', 300), "does not say who"),
        ["a subject that is an object"] = (
            p =>
            {
                p.Claims = c => c["sub"] = new JsonObject { ["id"] = "1" };
                p.UserInfo = c => c["sub"] = new JsonObject { ["id"] = "1" };
            },
            "does not say who"
        ),
        ["another key under the same id"] = (p => p.Token = p.SignWithForeignKey, "no signature"),
        ["an unknown key"] = (p => p.Token = p.SignWithUnknownKey, "no signature"),
        ["no signature"] = (p => p.Token = LyingProvider.Unsigned, "no signature"),
        ["HS256 with the client secret"] = (p => p.Token = p.SignWithSecret, "no signature"),
        ["HS256 with the public key"] = (p => p.Token = p.SignWithPublicKey, "no signature"),
        ["a signature that is cut off"] = (p => p.Token = c => p.Sign(c)[..^8], "the ID token"),
        ["no ID token"] = (p => p.TokenAnswer = a => Json(Without(a, "id_token")), "no ID token"),
        ["an ID token that is none"] = (p => p.Token = _ => "abc", "no JWT"),
        ["claims with a name twice"] = (
            p => p.Token = c => p.SignText(c.ToJsonString().Replace("{\"iss\"", "{\"sub\":\"1\",\"iss\"", StringComparison.Ordinal)),
            "unique names"
        ),
        ["claims that are a list"] = (p => p.Token = _ => p.SignText("[]"), "not an object"),
        ["an answer with a name twice"] = (
            p =>
                p.TokenAnswer = a =>
                    Results.Text(
                        a.ToJsonString().Replace("{\"access_token\"", "{\"id_token\":\"x\",\"access_token\"", StringComparison.Ordinal),
                        "application/json"
                    ),
            "unique names"
        ),
        ["an answer that is no JSON"] = (p => p.TokenAnswer = _ => Results.Text("<html>", "text/html"), "token endpoint"),
        ["a huge answer"] = (p => p.TokenAnswer = _ => Results.Text(new string(' ', 10_000_000) + "{}"), "longer than 64 KiB"),
        ["a redirect to a private address"] = (p => p.TokenAnswer = _ => Results.Redirect("http://10.0.0.1/"), "token endpoint"),
        ["an error with a hostile text"] = (
            p =>
                p.TokenAnswer = _ =>
                    Results.Text(
                        "{\"error\":\"<script>alert(1)</script>\",\"error_description\":\"line\\nbreak\\u202e\"}",
                        "application/json",
                        statusCode: 400
                    ),
            "<script>alert(1)</script>: linebreak"
        ),
        ["an error status with tokens"] = (
            p => p.TokenAnswer = a => Results.Text(a.ToJsonString(), "application/json", statusCode: 500),
            "status 500"
        ),
        ["UserInfo of another person"] = (p => p.UserInfo = c => c["sub"] = "another person", "another person"),
        ["UserInfo without a subject"] = (p => p.UserInfo = c => c.Remove("sub"), "another person"),
        ["UserInfo that is no JSON"] = (p => p.UserInfoAnswer = Results.Text("no"), "UserInfo"),
        ["UserInfo with a name twice"] = (p => p.UserInfoAnswer = Results.Text("""{"sub":"1","sub":"2"}"""), "unique names"),
        ["UserInfo that is a list"] = (p => p.UserInfoAnswer = Results.Text("[]"), "UserInfo"),
        ["an answer that names another issuer"] = (p => p.Answer = a => (a["iss"] = "https://evil.example") is null ? "" : null, "mix-up"),
        ["an answer that names no issuer"] = (p => p.Answer = a => a.Remove("iss") ? null : "", "lacks its issuer"),
        ["an answer without a code"] = (p => p.Answer = a => a.Remove("code") ? null : "", "no code"),
        ["a code that is not the provider's"] = (p => p.Answer = a => (a["code"] = "guessed") is null ? "" : null, "invalid_grant"),
        ["an error with a code"] = (p => p.Answer = a => (a["error"] = "server_error\u202e<b>") is null ? "" : null, "server_error<b>"),
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    [Covers(852)]
    public async Task Is_not_believed(string name)
    {
        await using var ann = await ViaVisitor.Create(servers);
        Lies[name].Lie(ann.Lying);
        var page = (await ann.SignIn()).ShouldBePage("login");
        page.Text.ShouldContain("did not work", Case.Sensitive, page.Text);
        page.Html.ShouldNotContain("alert(1)");
        (await ann.Cause()).ShouldContain(Lies[name].Cause);
        (await ann.Count("users"), await ann.Count("user_identities"), await ann.Count("sessions")).ShouldBe((0, 0, 0));
        (await ann.Count("provider_sign_ins")).ShouldBe(0);
        (await ann.Browser.Authorize(ann.Client, ("prompt", "none"))).Error.ShouldBe("login_required");
    }

    [Theory]
    [InlineData("issuer", "https://evil.example", "another issuer")]
    [InlineData("token_endpoint", "", "lacks an endpoint")]
    [InlineData("jwks_uri", "ftp://127.0.0.1/", "lacks an endpoint")]
    [InlineData("authorization_endpoint", "javascript:alert(1)", "lacks an endpoint")]
    public async Task A_discovery_document_that_lies_leads_nowhere(string member, string value, string cause)
    {
        await using var ann = await ViaVisitor.Create(servers);
        ann.Lying.Discovery = document => document[member] = value;
        var page = await ViaVisitor.Press(ann.Browser, await ann.Browser.Authorize(ann.Client));
        page.ShouldBePage("login").Text.ShouldContain("did not work");
        (await ann.Cause()).ShouldContain(cause);
        (await ann.Count("provider_sign_ins")).ShouldBe(0);
    }

    [Fact]
    public async Task An_endpoint_in_a_private_network_is_not_asked()
    {
        await using var ann = await ViaVisitor.Create(servers);
        ann.Lying.Discovery = document => document["token_endpoint"] = "http://10.255.255.1/token";
        (await ann.SignIn()).ShouldBePage("login").Text.ShouldContain("did not work");
        (await ann.Cause()).ShouldContain("LATCHKEY_OUTBOUND_NETWORKS");
    }

    [Theory]
    [InlineData(false, "ann@example.com")]
    [InlineData(true, null)]
    [InlineData(true, "no address")]
    [SuppressMessage("Usage", "xUnit1012", Justification = "null is a case")]
    public async Task An_address_that_is_not_verified_makes_no_user(bool isVerified, string? email)
    {
        await using var ann = await ViaVisitor.Create(servers);
        (ann.Lying.EmailVerified, ann.Lying.Email) = (isVerified, email);
        (await ann.SignIn()).ShouldBePage("login/via/other/signup");
        (await ann.Count("users"), await ann.Count("sessions")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_address_that_is_a_list_is_none()
    {
        await using var ann = await ViaVisitor.Create(servers);
        ann.Lying.Claims = claims => claims["email"] = new JsonArray("ann@example.com", "eve@example.com");
        ann.Lying.UserInfo = claims => claims["email"] = new JsonArray("ann@example.com", "eve@example.com");
        (await ann.SignIn()).ShouldBePage("login/via/other/signup");
        (await ann.Count("users")).ShouldBe(0);
    }

    [Fact]
    public async Task Where_the_developer_does_not_trust_addresses_none_is_verified()
    {
        await using var ann = await ViaVisitor.Create(servers, provider => provider with { EmailTrust = "" });
        (await ann.SignIn()).ShouldBePage("login/via/other/signup");
        (await ann.Count("users")).ShouldBe(0);
    }

    private static JsonObject Without(JsonObject answer, string name)
    {
        answer.Remove(name);
        return answer;
    }

    private static IResult Json(JsonObject answer) => Results.Text(answer.ToJsonString(), "application/json");
}
