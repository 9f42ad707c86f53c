using System.Text;
using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Api.Discovery;

/// <summary>The keys to verify an application's tokens with: JWKS (RFC 7517 §5) and PEM. Public by design.</summary>
public static class KeysApi
{
    public const string JwksPath = ".well-known/jwks.json";

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var app = routes.MapGroup("/apps/{appId:length(32)}");
        app.MapGet(JwksPath, Jwks).WithSummary("Get all public keys whose tokens may still be valid (JWKS).");
        app.MapGet("public-key.pem", Pem).WithSummary("Get the active public key as PEM.");
    }

    private static async Task<IResult> Jwks(string appId, ApplicationCache applications)
    {
        if (await applications.Find(appId) is not { } application)
        {
            return ApiResults.From(ErrorCodes.UnknownRoute);
        }

        return CacheableResult.Json(
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
            ? new CacheableResult(Encoding.ASCII.GetBytes(application.PublicKey + "\n"), "application/x-pem-file")
            : ApiResults.From(ErrorCodes.UnknownRoute);

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            content(json);
        }

        return buffer.ToArray();
    }
}
