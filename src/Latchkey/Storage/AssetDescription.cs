using System.Text.Json;

namespace Latchkey.Storage;

/// <summary>A completed asset as apps see it.</summary>
/// <param name="Size">Of the original, in bytes.</param>
/// <param name="Extra">The app's own document; left out when there is none.</param>
/// <param name="Url">Where to GET the original.</param>
/// <param name="UrlExpiresAt">When the URLs end; left out when they do not.</param>
public sealed record AssetDescription(
    string Id,
    string Path,
    string ContentType,
    long Size,
    string Caption,
    JsonElement? Extra,
    string CreatedAt,
    string CompletedAt,
    string Url,
    string? UrlExpiresAt,
    IReadOnlyList<ReadableCut> Cuts
);
