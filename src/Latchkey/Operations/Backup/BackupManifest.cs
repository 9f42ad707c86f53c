using System.Globalization;
using System.Text.Json;

namespace Latchkey.Operations.Backup;

/// <summary>
/// The format of a backup: a zip file with <c>manifest.json</c>, one <c>tables/NNN-name.jsonl</c> per table (a line of column names,
/// then a JSON array per row) and, if requested, the key ring as <c>keys/*.key</c>. It does not depend on the database engine.
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

    /// <summary>The schema version of the rows.</summary>
    public int Schema { get; init; }

    /// <summary>The engine's name and version.</summary>
    public string Engine { get; init; } = "";

    public string CreatedAt { get; init; } = "";

    /// <summary>Rows per table, in restore order.</summary>
    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    public static string TableEntry(int place, string table) =>
        string.Create(CultureInfo.InvariantCulture, $"{TablesFolder}{place:000}-{table}.jsonl");

    public string Write() => JsonSerializer.Serialize(this, BackupJson.Default.BackupManifest);

    /// <exception cref="InvalidDataException">It is not a manifest.</exception>
    public static BackupManifest Read(Stream stream) =>
        JsonSerializer.Deserialize(stream, BackupJson.Default.BackupManifest) is { Format: > 0 } manifest
            ? manifest
            : throw new InvalidDataException("the file is not a Latchkey backup");
}
