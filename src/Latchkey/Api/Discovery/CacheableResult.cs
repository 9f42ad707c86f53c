using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Api.Discovery;

/// <summary>A public document that caches may keep for as long as new keys wait before they sign. It has an ETag (RFC 9110 §13).</summary>
public sealed class CacheableResult(byte[] body, string contentType) : IResult
{
    private static readonly string CacheControl = string.Create(
        CultureInfo.InvariantCulture,
        $"public, max-age={SigningKeys.CacheLifetime.TotalSeconds:0}"
    );

    public static CacheableResult Json(byte[] json) => new(json, ApiResults.JsonContentType);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"";
        response.Headers.CacheControl = CacheControl;
        response.Headers.ETag = tag;
        if (httpContext.Request.Headers.IfNoneMatch.SelectMany(value => (value ?? "").Split(',')).Any(value => Matches(value, tag)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }

    private static bool Matches(string value, string tag) => value.Trim() is var one && (one == "*" || one == tag || one == $"W/{tag}");
}
