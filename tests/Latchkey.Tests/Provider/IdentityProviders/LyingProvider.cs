using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Tests.Api.SocialLogin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>A provider of OpenID Connect that keeps to the standards until a test lets it lie.</summary>
public sealed class LyingProvider : IAsyncDisposable
{
    public const string ClientId = "latchkey";
    public const string Secret = "secret-of-the-client";
    public const string KeyId = "key-1";

    private readonly RSA rsa = RsaKeys.Get();
    private readonly RSA foreign = RSA.Create(2048);
    private readonly WebApplication web;
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> codes = new(StringComparer.Ordinal);
    private int calls;

    private LyingProvider(WebApplication web) => this.web = web;

    public string Issuer => web.Urls.Single();

    /// <summary>Who signs in.</summary>
    public string Subject { get; set; } = "248289761001";

    public string? Email { get; set; } = "ann@example.com";

    public bool EmailVerified { get; set; } = true;

    /// <summary>How often the token endpoint was called.</summary>
    public int Calls => calls;

    /// <summary>What the authorization request had, the last time.</summary>
    public IReadOnlyDictionary<string, string> Request { get; private set; } = new Dictionary<string, string>();

    // Lies
    public Action<JsonObject> Discovery { get; set; } = _ => { };
    public Action<JsonObject> Claims { get; set; } = _ => { };
    public Func<JsonObject, string>? Token { get; set; }
    public Func<JsonObject, IResult>? TokenAnswer { get; set; }
    public Action<JsonObject> UserInfo { get; set; } = _ => { };
    public IResult? UserInfoAnswer { get; set; }
    public Func<Dictionary<string, string>, string?>? Answer { get; set; }

    public static async Task<LyingProvider> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new LyingProvider(builder.Build());
        provider.web.MapGet("/.well-known/openid-configuration", provider.Describe);
        provider.web.MapGet("/jwks", provider.Keys);
        provider.web.MapPost("/token", provider.Exchange).DisableAntiforgery();
        provider.web.MapGet("/userinfo", provider.Describes);
        await provider.web.StartAsync();
        return provider;
    }

    /// <summary>What the user's browser is sent back to, after the user has signed in here.</summary>
    public string SignIn(string authorizeUrl)
    {
        var query = authorizeUrl[(authorizeUrl.IndexOf('?', StringComparison.Ordinal) + 1)..]
            .Split('&')
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        Request = query;
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        codes[code] = query;
        var answer = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["code"] = code,
            ["state"] = query["state"],
            ["iss"] = Issuer,
        };
        var instead = Answer?.Invoke(answer);
        return $"{query["redirect_uri"]}?"
            + (instead ?? string.Join('&', answer.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}")));
    }

    /// <summary>The claims of a good ID token.</summary>
    public JsonObject GoodClaims(string? nonce)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = ClientId,
            ["sub"] = Subject,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["nonce"] = nonce,
            ["jti"] = Path.GetRandomFileName(),
        };
        AddPerson(claims);
        return claims;
    }

    public string Sign(JsonObject claims) => Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = KeyId }, claims, rsa);

    public string SignWithForeignKey(JsonObject claims) => Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = KeyId }, claims, foreign);

    public string SignWithUnknownKey(JsonObject claims) => Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = "key-2" }, claims, rsa);

    public static string Unsigned(JsonObject claims) =>
        FakeIdentityProvider.Compact(new JsonObject { ["alg"] = "none", ["kid"] = KeyId }, claims, _ => []);

    public string SignWithSecret(JsonObject claims) =>
        FakeIdentityProvider.Compact(
            new JsonObject { ["alg"] = "HS256", ["kid"] = KeyId },
            claims,
            data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), data)
        );

    public string SignWithPublicKey(JsonObject claims) =>
        FakeIdentityProvider.Compact(
            new JsonObject { ["alg"] = "HS256", ["kid"] = KeyId },
            claims,
            data => HMACSHA256.HashData(Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), data)
        );

    /// <summary>A token whose payload is any text.</summary>
    public string SignText(string payload)
    {
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"RS256","kid":"{{KeyId}}"}"""));
        var signed = $"{header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        rsa.Dispose();
        foreign.Dispose();
    }

    private static string Sign(JsonObject header, JsonObject claims, RSA key) =>
        FakeIdentityProvider.Compact(header, claims, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private IResult Describe()
    {
        var document = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize?tenant=1",
            ["token_endpoint"] = $"{Issuer}/token",
            ["userinfo_endpoint"] = $"{Issuer}/userinfo",
            ["jwks_uri"] = $"{Issuer}/jwks",
            ["authorization_response_iss_parameter_supported"] = true,
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic"),
        };
        Discovery(document);
        return Results.Text(document.ToJsonString(), "application/json");
    }

    private IResult Keys()
    {
        var key = rsa.ExportParameters(false);
        var jwks = new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["alg"] = "RS256",
                    ["kid"] = KeyId,
                    ["n"] = Base64Url.EncodeToString(key.Modulus),
                    ["e"] = Base64Url.EncodeToString(key.Exponent),
                }
            ),
        };
        return Results.Text(jwks.ToJsonString(), "application/json");
    }

    /// <summary>As strict as a provider can be: the code once, its verifier, its redirect URI, and the client's secret.</summary>
    private async Task<IResult> Exchange(HttpRequest request)
    {
        Interlocked.Increment(ref calls);
        var form = await request.ReadFormAsync();
        var basic = $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{Secret}"))}";
        if (
            request.Headers.Authorization != basic
            || !codes.TryRemove(form["code"].ToString(), out var asked)
            || form["redirect_uri"] != asked["redirect_uri"]
            || ProviderApp.ChallengeOf(form["code_verifier"].ToString()) != asked["code_challenge"]
        )
        {
            return Results.Text("""{"error":"invalid_grant"}""", "application/json", statusCode: 400);
        }

        var claims = GoodClaims(asked["nonce"]);
        Claims(claims);
        var answer = new JsonObject
        {
            ["access_token"] = "access-token-of-the-person",
            ["token_type"] = "Bearer",
            ["id_token"] = Token?.Invoke(claims) ?? Sign(claims),
        };
        return TokenAnswer?.Invoke(answer) ?? Results.Text(answer.ToJsonString(), "application/json");
    }

    private IResult Describes(HttpRequest request)
    {
        var claims = new JsonObject { ["sub"] = Subject };
        AddPerson(claims);
        UserInfo(claims);
        return request.Headers.Authorization != "Bearer access-token-of-the-person"
            ? Results.StatusCode((int)HttpStatusCode.Unauthorized)
            : UserInfoAnswer ?? Results.Text(claims.ToJsonString(), "application/json");
    }

    private void AddPerson(JsonObject claims)
    {
        claims["email"] = Email;
        claims["email_verified"] = EmailVerified;
        claims["given_name"] = "Ann";
        claims["groups"] = new JsonArray("one");
    }
}
