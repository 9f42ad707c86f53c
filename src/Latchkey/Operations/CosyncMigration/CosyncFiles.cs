using System.IO.Compression;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>
/// The export of a CosyncJWT server: a folder of collections from mongoexport, or the zip of its portal. A zip is unpacked into a
/// private folder, which is deleted on dispose because it contains keys.
/// </summary>
public sealed class CosyncFiles : IDisposable
{
    private const long MaxEntryBytes = 8L * 1024 * 1024 * 1024;
    private static readonly Dictionary<CosyncCollection, (string Json, string Csv)> Names = new()
    {
        [CosyncCollection.Apps] = ("apps", "app-collection.csv"),
        [CosyncCollection.Users] = ("users", "user-collection.csv"),
        [CosyncCollection.EmailTemplates] = ("emailtemplates", "email-template-collection.csv"),
    };

    private readonly string folder;

    private CosyncFiles(string folder, bool isPortalExport) => (this.folder, IsPortalExport) = (folder, isPortalExport);

    /// <summary>The zip of the portal: one application, without user names, social ids and (in several releases) metadata.</summary>
    public bool IsPortalExport { get; }

    /// <exception cref="UnreadableSourceException">It is neither a folder nor a zip of this kind.</exception>
    public static CosyncFiles Open(string path)
    {
        if (Directory.Exists(path))
        {
            return new CosyncFiles(path, isPortalExport: false).RequireApps(
                $"{path} contains no apps.json. Export the collections with mongoexport, one file per collection."
            );
        }

        if (!File.Exists(path))
        {
            throw new UnreadableSourceException($"There is no folder and no file {path}.");
        }

        var files = new CosyncFiles(Directory.CreateTempSubdirectory("latchkey-import-").FullName, isPortalExport: true);
        try
        {
            files.Unpack(path);
            return files.RequireApps($"{path} contains no app-collection.csv.");
        }
        catch (InvalidDataException)
        {
            files.Dispose();
            throw new UnreadableSourceException($"{path} is not a zip file.");
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The path of a collection; null when it is missing.</summary>
    public string? Find(CosyncCollection collection)
    {
        string[] candidates = IsPortalExport
            ? [Names[collection].Csv]
            : [$"{Names[collection].Json}.json", $"{Names[collection].Json}.jsonl"];
        return candidates.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>The rows of a collection, streamed.</summary>
    public IEnumerable<SourceRow> Rows(CosyncCollection collection) =>
        Find(collection) is not { } path ? []
        : IsPortalExport ? CsvRows.Read(path).Skip(1)
        : JsonRows.Read(path);

    /// <summary>Parses a row; null when it is malformed.</summary>
    public CosyncRecord? Read(CosyncCollection collection, SourceRow row)
    {
        if (!IsPortalExport)
        {
            return row.Problem is null ? CosyncRecord.Read(row.Json) : null;
        }

        var header = headers[collection];
        return row.Problem is null && row.Cells.Count == header.Count
            ? new CosyncRecord(
                header
                    .Zip(row.Cells)
                    .DistinctBy(cell => cell.First, StringComparer.Ordinal)
                    .ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal)
            )
            : null;
    }

    public void Dispose()
    {
        if (IsPortalExport)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private readonly Dictionary<CosyncCollection, IReadOnlyList<string>> headers = [];

    private CosyncFiles RequireApps(string otherwise)
    {
        foreach (var collection in Names.Keys)
        {
            if (IsPortalExport && Find(collection) is { } file)
            {
                headers[collection] = CsvRows.Read(file).FirstOrDefault()?.Cells ?? [];
            }
        }

        return Find(CosyncCollection.Apps) is not null ? this : throw new UnreadableSourceException(otherwise);
    }

    private void Unpack(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        foreach (var name in Names.Values.Select(names => names.Csv))
        {
            if (zip.Entries.FirstOrDefault(entry => entry.Name == name) is not { } entry)
            {
                continue;
            }

            if (entry.Length > MaxEntryBytes)
            {
                throw new UnreadableSourceException($"{name} in the zip is larger than 8 GiB.");
            }

            entry.ExtractToFile(Path.Combine(folder, name));
        }
    }
}
