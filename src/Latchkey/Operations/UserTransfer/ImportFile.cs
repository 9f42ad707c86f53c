namespace Latchkey.Operations.UserTransfer;

/// <summary>A file of users that can be read twice. Standard input is copied to a private temporary file until the import ends.</summary>
public sealed class ImportFile : IDisposable
{
    private readonly bool isTemporary;

    private ImportFile(string path, bool isTemporary) => (Path, this.isTemporary) = (path, isTemporary);

    public string Path { get; }

    public static async Task<ImportFile> Open(string path)
    {
        if (path != "-")
        {
            return File.Exists(path) ? new(path, isTemporary: false) : throw new FileNotFoundException($"There is no file {path}.");
        }

        var copy = System.IO.Path.GetTempFileName(); // readable by its owner only
        await using var kept = File.OpenWrite(copy);
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(kept);
        return new(copy, isTemporary: true);
    }

    /// <summary>Opens the requested format, or the one detected from the file's name or first character.</summary>
    public IUserSource OpenSource(string? format, FieldMap map) =>
        (format ?? DetectFormat()) == "csv" ? new CsvSource(Path, map) : new JsonLinesSource(Path, map);

    public void Dispose()
    {
        if (isTemporary)
        {
            File.Delete(Path);
        }
    }

    private string DetectFormat()
    {
        if (!isTemporary && System.IO.Path.GetExtension(Path).ToLowerInvariant() is ".csv" or ".jsonl" or ".json" or ".ndjson")
        {
            return System.IO.Path.GetExtension(Path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? "csv" : "jsonl";
        }

        using var text = new StreamReader(Path);
        var first = text.Read();
        return first == '{' ? "jsonl" : "csv";
    }
}
