using System.Globalization;
using System.IO.Compression;
using Latchkey.Core;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>
/// The export of a CosyncJWT server: a folder of collections from mongoexport, or the zip of its portal. A zip is unpacked into a
/// private folder below the data folder, which is deleted on dispose because it contains keys.
/// </summary>
public sealed class CosyncFiles : IDisposable
{
    private const long MaxEntryBytes = 1024 * 1024 * 1024;
    private const int MaxCompression = 200;
    private const string NotRecord = "not a JSON object, not UTF-8, deeper than 16, or with a name twice";
    private static readonly Dictionary<CosyncCollection, (string Json, string Csv)> Names = new()
    {
        [CosyncCollection.Apps] = ("apps", "app-collection.csv"),
        [CosyncCollection.Users] = ("users", "user-collection.csv"),
        [CosyncCollection.EmailTemplates] = ("emailtemplates", "email-template-collection.csv"),
    };

    private readonly string folder;
    private readonly TemporaryFolder? unpacked;

    private CosyncFiles(string folder) => this.folder = folder;

    private CosyncFiles(TemporaryFolder unpacked) => (folder, this.unpacked) = (unpacked.FullPath, unpacked);

    /// <summary>The zip of the portal: one application, without user names, social ids and (in several releases) metadata.</summary>
    public bool IsPortalExport => unpacked is not null;

    /// <exception cref="UnreadableSourceException">It is neither a folder nor a zip of this kind.</exception>
    public static CosyncFiles Open(string path, string dataFolder)
    {
        if (Directory.Exists(path))
        {
            return new CosyncFiles(path).RequireApps(
                $"{path} contains no apps.json. Export the collections with mongoexport, one file per collection."
            );
        }

        if (!File.Exists(path))
        {
            throw new UnreadableSourceException($"There is no folder and no file {path}.");
        }

        var files = new CosyncFiles(new TemporaryFolder(dataFolder, "import"));
        try
        {
            files.Unpack(path);
            return files.RequireApps($"{path} contains no app-collection.csv.");
        }
        catch (InvalidDataException e)
        {
            files.Dispose();
            throw new UnreadableSourceException($"{path} is not a zip file, or it is damaged: {e.Message}");
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

    /// <summary>Parses a row; null when it cannot be read, which <see cref="CheckRows"/> notes.</summary>
    public CosyncRecord? Read(CosyncCollection collection, SourceRow row) =>
        FindProblem(collection, row) is not null ? null
        : !IsPortalExport ? CosyncRecord.Read(row.Json)
        : new CosyncRecord(
            headers[collection]
                .Zip(row.Cells)
                .DistinctBy(cell => cell.First, StringComparer.Ordinal)
                .ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal)
        );

    /// <summary>Reads every row once, and notes each one that cannot be read. Returns how many these are.</summary>
    /// <exception cref="UnreadableSourceException">A file cannot be read to its end.</exception>
    public int CheckRows(Action<string> note)
    {
        var unreadable = 0;
        foreach (var collection in Names.Keys)
        {
            foreach (var row in Rows(collection))
            {
                if ((FindProblem(collection, row) ?? (Read(collection, row) is null ? NotRecord : null)) is not { } problem)
                {
                    continue;
                }

                var line = row.Line.ToString(CultureInfo.InvariantCulture);
                var where = $"{Path.GetFileName(Find(collection))}: line {line}: {problem}";
                if (row.StopsReading)
                {
                    throw new UnreadableSourceException($"{where}. The export is damaged or incomplete. Nothing was imported.");
                }

                note($"{where}. It is left out");
                unreadable++;
            }
        }

        return unreadable;
    }

    private string? FindProblem(CosyncCollection collection, SourceRow row) =>
        row.Problem
        ?? (
            IsPortalExport && row.Cells.Count != headers[collection].Count
                ? $"{row.Cells.Count} cells where the header has {headers[collection].Count}"
                : null
        );

    public void Dispose() => unpacked?.Dispose();

    private readonly Dictionary<CosyncCollection, IReadOnlyList<string>> headers = [];

    private CosyncFiles RequireApps(string otherwise)
    {
        foreach (var collection in Names.Keys)
        {
            if (IsPortalExport && Find(collection) is { } file)
            {
                var header = CsvRows.Read(file).FirstOrDefault();
                headers[collection] = header?.Problem is { } problem
                    ? throw new UnreadableSourceException($"{Path.GetFileName(file)} has no header that can be read: {problem}.")
                    : header?.Cells ?? [];
            }
        }

        return Find(CosyncCollection.Apps) is not null ? this : throw new UnreadableSourceException(otherwise);
    }

    private void Unpack(string path)
    {
        using var zip = BoundedZip.Open(path);
        foreach (var name in Names.Values.Select(names => names.Csv))
        {
            if (zip.Entries.FirstOrDefault(entry => entry.Name == name) is not { } entry)
            {
                continue;
            }

            if (entry.Length > MaxEntryBytes || entry.Length > MaxCompression * entry.CompressedLength)
            {
                throw new UnreadableSourceException(
                    $"{name} in the zip has {entry.Length} bytes, which is more than 1 GiB or more than {MaxCompression} times its "
                        + "packed size. Use the collections of the database instead."
                );
            }

            entry.ExtractToFile(Path.Combine(folder, name));
        }
    }
}
