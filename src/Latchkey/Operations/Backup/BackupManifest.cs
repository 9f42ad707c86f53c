using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Cryptography;

namespace Latchkey.Operations.Backup;

/// <summary>
/// The format of a backup: a zip file with <c>manifest.json</c>, one <c>tables/NNN-name.jsonl</c> per table (a line of column names,
/// then a JSON array per row) and, if requested, the key ring as <c>keys/*.key</c>. It does not depend on the database engine. The manifest
/// has a digest of everything else, and is itself signed under the key ring.
/// </summary>
public sealed record BackupManifest
{
    public const string ManifestEntry = "manifest.json";
    public const string KeysFolder = "keys/";
    public const string KeyExtension = ".key";
    public const int CurrentFormat = 1;

    /// <summary>The most keys of a backup. Each encrypted one may take a run of Argon2id before anything is proven.</summary>
    public const int MaxKeys = 100;
    private const string TablesFolder = "tables/";
    private const string MacPurpose = "backup";

    [JsonRequired]
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The program's version.</summary>
    [JsonRequired]
    public string Latchkey { get; init; } = "";

    /// <summary>The schema version of the rows.</summary>
    [JsonRequired]
    public int Schema { get; init; }

    /// <summary>The engine's name and version.</summary>
    [JsonRequired]
    public string Engine { get; init; } = "";

    [JsonRequired]
    public string CreatedAt { get; init; } = "";

    /// <summary>Rows per table, in restore order.</summary>
    [JsonRequired]
    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The SHA-256 of each table and key by its entry, in base64.</summary>
    [JsonRequired]
    public IReadOnlyDictionary<string, string> Digests { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The id of the root key that signed the manifest; empty if it is not signed.</summary>
    [JsonRequired]
    public string Key { get; init; } = "";

    /// <summary>HMAC-SHA-256 of everything else in the manifest, under a key derived from the root key; in base64.</summary>
    [JsonRequired]
    public string Mac { get; init; } = "";

    [JsonIgnore]
    public bool IsSigned => Key.Length > 0 && Mac.Length > 0;

    public static string TableEntry(int place, string table) =>
        string.Create(CultureInfo.InvariantCulture, $"{TablesFolder}{place:000}-{table}.jsonl");

    public static string KeyEntry(string id) => $"{KeysFolder}{id}{KeyExtension}";

    public string Write() => JsonSerializer.Serialize(this, BackupJson.Default.BackupManifest);

    /// <exception cref="JsonException">It is not a manifest.</exception>
    public static BackupManifest Read(string json) =>
        JsonSerializer.Deserialize(json, BackupJson.Default.BackupManifest) is { Format: > 0 } manifest
        && manifest.Digests.Values.All(digest => digest is not null) // the serializer looks at properties alone
            ? manifest
            : throw new JsonException("a manifest has a format and whole digests");

    /// <summary>The manifest, signed with the current key of the ring.</summary>
    public BackupManifest Sign(KeyRing ring)
    {
        var named = this with { Key = ring.CurrentId };
        return named with
        {
            Mac = Convert.ToBase64String(named.ComputeMac(ring) ?? throw new InvalidOperationException("the ring has its current key")),
        };
    }

    /// <summary>Whether a key of the ring signed the manifest as it is; null when the ring does not have that key.</summary>
    public bool? Verify(KeyRing ring)
    {
        var mac = new byte[HMACSHA256.HashSizeInBytes];
        return ComputeMac(ring) is not { } expected
            ? null
            : Convert.TryFromBase64String(Mac, mac, out var length)
                && length == mac.Length
                && CryptographicOperations.FixedTimeEquals(mac, expected);
    }

    private byte[]? ComputeMac(KeyRing ring) =>
        ring.DerivedKey(Key, MacPurpose) is { } key ? HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(SignedText())) : null;

    /// <summary>Every value of this format, with its length before it, so that none can pass for another.</summary>
    private string SignedText()
    {
        IEnumerable<string> values =
        [
            Number(Format),
            Latchkey,
            Number(Schema),
            Engine,
            CreatedAt,
            Key,
            Number(Rows.Count),
            .. Rows.SelectMany(table => new[] { table.Key, Number(table.Value) }),
            .. Digests.SelectMany(entry => new[] { entry.Key, entry.Value }),
        ];
        return string.Concat(values.Select(value => $"{Number(value.Length)}:{value},"));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
