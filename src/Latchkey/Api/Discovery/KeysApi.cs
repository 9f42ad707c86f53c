using System.Globalization;
using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Api.Discovery;

/// <summary>Everything needed to verify an application's user JWTs: OpenID discovery, JWKS (RFC 7517 §5), PEM. Public by design.</summary>
public static class KeysApi
{
    private const string JwksPath = ".well-known/jwks.json";

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var app = routes.MapGroup("/apps/{appId:length(32)}");
        app.MapGet(".well-known/openid-configuration", Discovery).WithSummary("Get the OpenID Connect discovery document.");
        app.MapGet(JwksPath, Jwks).WithSummary("Get all public keys whose tokens may still be valid (JWKS).");
        app.MapGet("public-key.pem", Pem).WithSummary("Get the active public key as PEM.");
    }

    private static async Task<IResult> Discovery(string appId, ApplicationCache applications, InstallationSettings installation)
    {
        if (await applications.Find(appId) is not { } application)
        {
            return ApiResults.From(ErrorCodes.UnknownRoute);
        }

        var issuer = installation.IssuerOf(application.Id);
        return CacheableJson(
            Write(json =>
            {
                json.WriteStartObject();
                json.WriteString("issuer", issuer);
                json.WriteString("jwks_uri", $"{issuer}/{JwksPath}");
                WriteArray(json, "response_types_supported", "id_token");
                WriteArray(json, "subject_types_supported", "public");
                WriteArray(
                    json,
                    "id_token_signing_alg_values_supported",
                    [.. application.PublishedKeys.Select(key => key.Algorithm).Distinct(StringComparer.Ordinal)]
                );
                json.WriteEndObject();
            })
        );
    }

    private static async Task<IResult> Jwks(string appId, ApplicationCache applications)
    {
        if (await applications.Find(appId) is not { } application)
        {
            return ApiResults.From(ErrorCodes.UnknownRoute);
        }

        return CacheableJson(
            Write(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("keys");
                foreach (var key in application.PublishedKeys)
                {
                    Jwk.Write(json, key);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            })
        );
    }

    private static async Task<IResult> Pem(string appId, ApplicationCache applications) =>
        await applications.Find(appId) is { } application
            ? new CacheableResult(TypedResults.Text(application.PublicKey + "\n", "application/x-pem-file"))
            : ApiResults.From(ErrorCodes.UnknownRoute);

    private static CacheableResult CacheableJson(byte[] json) => new(ApiResults.RawJson(json));

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            content(json);
        }

        return buffer.ToArray();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, params string[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static readonly string CacheControl = string.Create(
        CultureInfo.InvariantCulture,
        $"public, max-age={SigningKeys.CacheLifetime.TotalSeconds:0}"
    );

    private sealed class CacheableResult(IResult inner) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = CacheControl;
            return inner.ExecuteAsync(httpContext);
        }
    }
}
