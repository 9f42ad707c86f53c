using System.Globalization;
using System.Text.Json;

namespace Latchkey.Operations.Backup;

/// <summary>
/// What a backup is: a zip file with <c>manifest.json</c>, one <c>tables/NNN-name.jsonl</c> for each table (a line of column names,
/// then a JSON array a row) and, when asked for, the key ring as <c>keys/*.key</c>. It says nothing of the engine it came from.
/// </summary>
public sealed record BackupManifest
{
    public const string ManifestEntry = "manifest.json";
    public const string KeysFolder = "keys/";
    public const string TablesFolder = "tables/";
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The program's version.</summary>
    public string Latchkey { get; init; } = "";

    /// <summary>The schema version that the rows fit.</summary>
    public int Schema { get; init; }

    /// <summary>The engine's name and version.</summary>
    public string Engine { get; init; } = "";

    public string CreatedAt { get; init; } = "";

    /// <summary>Rows by table, in the order in which they can be put back.</summary>
    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    public static string TableEntry(int place, string table) =>
        string.Create(CultureInfo.InvariantCulture, $"{TablesFolder}{place:000}-{table}.jsonl");

    public string Write() => JsonSerializer.Serialize(this, BackupJson.Default.BackupManifest);

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static BackupManifest Read(Stream stream) =>
        JsonSerializer.Deserialize(stream, BackupJson.Default.BackupManifest) is { Format: > 0 } manifest
            ? manifest
            : throw new InvalidDataException("the file is not a Latchkey backup");
}
