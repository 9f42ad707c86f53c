using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Storage;

/// <summary>A smaller form of a file that the app makes: its name and its size in bytes.</summary>
public sealed record AssetCut(string Name, long Size)
{
    /// <summary>The part of an object's key where a cut has its name.</summary>
    public const string Original = "original";

    private static readonly string[] Names = ["preview", "small", "medium", "large"];

    /// <summary>Reads <c>[{"name": "small", "size": 1234}]</c>; null for none. 602 for anything else.</summary>
    public static Result<AssetCut[]> Parse(string? json)
    {
        if (json is null)
        {
            return Array.Empty<AssetCut>();
        }

        try
        {
            var cuts = JsonSerializer.Deserialize(json, StorageJson.Default.AssetCutArray) ?? [];
            return
                cuts.Length <= Names.Length
                && cuts.All(cut => cut is not null && Names.Contains(cut.Name, StringComparer.Ordinal) && cut.Size > 0)
                && cuts.DistinctBy(cut => cut.Name, StringComparer.Ordinal).Count() == cuts.Length
                ? cuts
                : ErrorCodes.InvalidData.WithCause("cuts have names other than preview, small, medium and large, or no size");
        }
        catch (JsonException)
        {
            return ErrorCodes.InvalidData.WithCause("cuts is not a list of names and sizes");
        }
    }

    /// <summary>The stored form.</summary>
    public static string Write(IEnumerable<AssetCut> cuts) => JsonSerializer.Serialize(cuts.ToArray(), StorageJson.Default.AssetCutArray);

    /// <summary>Reads the stored form.</summary>
    public static IReadOnlyList<AssetCut> Read(string stored) =>
        JsonSerializer.Deserialize(stored, StorageJson.Default.AssetCutArray) ?? [];
}
