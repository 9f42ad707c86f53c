using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Api.SocialLogin;

/// <summary>Apple and Google in one: a real HTTP server that publishes keys, and signs real ID tokens with them.</summary>
public sealed class FakeIdentityProvider : IAsyncDisposable
{
    public const string AppleBundle = "com.example.demo";
    public const string GoogleClient = "1234.apps.googleusercontent.com";

    private readonly RSA rsa = RsaKeys.Get();
    private readonly ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication web;
    private int fetches;

    private FakeIdentityProvider(WebApplication web) => this.web = web;

    public Uri Address => new(web.Urls.Single());

    /// <summary>How often somebody asked for keys.</summary>
    public int Fetches => fetches;

    /// <summary>It answers 500 to everything.</summary>
    public bool IsDown { get; set; }

    /// <summary>The id under which the RSA key is published too, once the provider has a new one.</summary>
    public string? NewKeyId { get; set; }

    /// <summary>A key set that it publishes in the place of its own.</summary>
    public string? Foreign { get; set; }

    /// <summary>Until this is done nobody gets an answer.</summary>
    public Task IsSlow { get; set; } = Task.CompletedTask;

    public static async Task<FakeIdentityProvider> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new FakeIdentityProvider(builder.Build());
        provider.web.MapGet("/apple", () => provider.Keys("apple"));
        provider.web.MapGet("/google", () => provider.Keys("google"));
        await provider.web.StartAsync();
        return provider;
    }

    /// <summary>A server's environment in which this is Apple and Google.</summary>
    public (string Name, string Value)[] Environment() =>
        [
            ("LATCHKEY_APPLE_KEYS_URL", new Uri(Address, "/apple").AbsoluteUri),
            ("LATCHKEY_GOOGLE_KEYS_URL", new Uri(Address, "/google").AbsoluteUri),
        ];

    /// <summary>The claims of a good token, to be spoiled.</summary>
    public static JsonObject Claims(string provider, string email, string? subject = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = provider == "apple" ? "https://appleid.apple.com" : "https://accounts.google.com",
            ["aud"] = provider == "apple" ? AppleBundle : GoogleClient,
            ["sub"] = subject ?? $"sub-of-{email}",
            ["iat"] = now,
            ["exp"] = now + 600,
            ["jti"] = Path.GetRandomFileName(), // each token is another one
            ["email"] = email,
            ["email_verified"] = true,
        };
    }

    public string Token(string provider, string email, string? subject = null) => Sign(provider, Claims(provider, email, subject));

    /// <summary>Signs with RS256 and the provider's first key, or with ES256 and its second.</summary>
    public string Sign(string provider, JsonObject claims, string algorithm = "RS256") =>
        algorithm == "RS256"
            ? Compact(
                new JsonObject { ["alg"] = "RS256", ["kid"] = $"{provider}-rsa" },
                claims,
                data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            )
            : Compact(
                new JsonObject { ["alg"] = "ES256", ["kid"] = $"{provider}-ec" },
                claims,
                data => ec.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            );

    /// <summary>A token with any header, signed by the provider's RSA key.</summary>
    public string SignWithHeader(JsonObject header, JsonObject claims) =>
        Compact(header, claims, data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>HS256 keyed with the public key in each form that a careless reader might use.</summary>
    public IEnumerable<string> SignedWithThePublicKey(string provider, JsonObject claims)
    {
        byte[][] forms =
        [
            rsa.ExportSubjectPublicKeyInfo(),
            rsa.ExportRSAPublicKey(),
            Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            rsa.ExportParameters(false).Modulus!,
        ];
        return forms.Select(key =>
            Compact(new JsonObject { ["alg"] = "HS256", ["kid"] = $"{provider}-rsa" }, claims, data => HMACSHA256.HashData(key, data))
        );
    }

    public static string Compact(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encoded(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encoded(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{signed}.{Encoded(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        rsa.Dispose();
        ec.Dispose();
    }

    private async Task<IResult> Keys(string provider)
    {
        Interlocked.Increment(ref fetches);
        await IsSlow;
        if (Foreign is not null)
        {
            return TypedResults.Text(Foreign, "application/json");
        }

        if (IsDown)
        {
            return TypedResults.StatusCode(500);
        }

        var (r, e) = (rsa.ExportParameters(false), ec.ExportParameters(false));
        object[] keys =
        [
            new
            {
                kty = "RSA",
                use = "sig",
                alg = "RS256",
                kid = $"{provider}-rsa",
                n = Encoded(r.Modulus!),
                e = Encoded(r.Exponent!),
            },
            new
            {
                kty = "EC",
                crv = "P-256",
                use = "sig",
                alg = "ES256",
                kid = $"{provider}-ec",
                x = Encoded(e.Q.X!),
                y = Encoded(e.Q.Y!),
            },
            new
            {
                kty = "oct",
                kid = "oct",
                k = Encoded(Encoding.ASCII.GetBytes("a symmetric key has no place here")),
            },
            .. NewKeyId is null
                ? Array.Empty<object>()
                :
                [
                    new
                    {
                        kty = "RSA",
                        use = "sig",
                        alg = "RS256",
                        kid = NewKeyId,
                        n = Encoded(r.Modulus!),
                        e = Encoded(r.Exponent!),
                    },
                ],
        ];
        return TypedResults.Text(JsonSerializer.Serialize(new { keys }), "application/json");
    }

    private static string Encoded(byte[] bytes) => Base64Url.EncodeToString(bytes);
}

/// <summary>A server whose Apple and Google are the tests' own, without limits.</summary>
public sealed class SocialLoginFixture(ServerFixture servers) : IAsyncLifetime
{
    public FakeIdentityProvider Provider { get; private set; } = null!;

    public ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Provider = await FakeIdentityProvider.Start();
        Server = await servers.StartOn(await servers.NewInstallation(), ["--limits", "off"], Provider.Environment());
    }

    public Task<App> CreateApp(params string[] settings)
    {
        string[] defaults =
        [
            "appleLoginEnabled=1",
            $"appleBundleId={FakeIdentityProvider.AppleBundle}",
            "googleLoginEnabled=1",
            $"googleClientId={FakeIdentityProvider.GoogleClient}",
        ];
        return Server.CreateApp([.. defaults.Where(one => !settings.Any(given => given.Split('=')[0] == one.Split('=')[0])), .. settings]);
    }

    public ValueTask DisposeAsync() => Provider.DisposeAsync();
}

/// <summary>The two social functions, as apps call them.</summary>
public static class SocialLoginExtensions
{
    public static Task<Reply> SocialSignup(
        this App app,
        string provider,
        string token,
        string handle,
        string? metaData = null,
        string? nonce = null,
        LoggedInUser? upgrading = null
    ) =>
        app.Post(
            "socialSignup",
            new
            {
                provider,
                token,
                handle,
                metaData,
                nonce,
            },
            AppFlows.AccessTokenHeader(upgrading)
        );

    public static Task<Reply> SocialLogin(this App app, string provider, string token, string? nonce = null) =>
        app.Post(
            "socialLogin",
            new
            {
                provider,
                token,
                nonce,
            }
        );
}
