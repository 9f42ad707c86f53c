using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Core;

/// <summary>A stylesheet, script or picture of the folder wwwroot, embedded in the program.</summary>
public sealed class EmbeddedAsset
{
    private const int VersionLength = 10;
    private const string Versioned = "max-age=31536000, immutable";
    private const string Revalidated = "no-cache";

    private readonly byte[] content;
    private readonly string hash;
    private readonly string contentType;

    /// <summary>Compressed with Brotli on the first request that accepts it.</summary>
    private readonly Lazy<byte[]> compressed;

    /// <param name="path">Its path below wwwroot with forward slashes: <c>css/portal.css</c>.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="NotSupportedException">The extension has no known content type.</exception>
    public EmbeddedAsset(string path, byte[] content)
    {
        this.content = content;
        hash = Convert.ToHexStringLower(SHA256.HashData(content));
        contentType = ContentTypeOf(path);
        compressed = new(() => Compress(content));
        Path = path;
        VersionedPath = System.IO.Path.ChangeExtension(path, $"{hash[..VersionLength]}{System.IO.Path.GetExtension(path)}");
    }

    public string Path { get; }

    /// <summary>A path that contains a hash of the content: <c>css/portal.0123456789.css</c>. Browsers cache it for a year.</summary>
    public string VersionedPath { get; }

    /// <summary>Sends the asset, or 304 when the client's copy is current (RFC 9110 §13.1.2).</summary>
    /// <param name="context">A GET or HEAD request.</param>
    /// <param name="isVersioned">The request uses the versioned path.</param>
    public Task Send(HttpContext context, bool isVersioned)
    {
        var isCompressed = AcceptsBrotli(context.Request);
        var headers = context.Response.Headers;
        headers.CacheControl = isVersioned ? Versioned : Revalidated;
        headers.Vary = HeaderNames.AcceptEncoding;
        if (isCompressed)
        {
            headers.ContentEncoding = "br";
        }

        var tag = new EntityTagHeaderValue(isCompressed ? $"\"{hash}-br\"" : $"\"{hash}\"");
        return TypedResults.Bytes(isCompressed ? compressed.Value : content, contentType, entityTag: tag).ExecuteAsync(context);
    }

    private static bool AcceptsBrotli(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptEncoding.Any(coding => coding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);

    private static byte[] Compress(byte[] content)
    {
        using var target = new MemoryStream();
        using (var brotli = new BrotliStream(target, CompressionLevel.SmallestSize))
        {
            brotli.Write(content);
        }

        return target.ToArray();
    }

    private static string ContentTypeOf(string path) =>
        System.IO.Path.GetExtension(path) switch
        {
            ".css" => "text/css",
            ".js" => "text/javascript",
            ".svg" => "image/svg+xml",
            var other => throw new NotSupportedException($"wwwroot/{path}: say what content type {other} has"),
        };
}
