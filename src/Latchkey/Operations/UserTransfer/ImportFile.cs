namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// A file of users that can be read repeatedly. Standard input, or a pipe, is copied to a private temporary file until the import ends.
/// </summary>
public sealed class ImportFile : IDisposable
{
    private ImportFile(string path, bool isTemporary) => (Path, IsTemporary) = (path, isTemporary);

    public string Path { get; }

    /// <summary>Whether it is a copy of standard input or a pipe.</summary>
    public bool IsTemporary { get; }

    public static async Task<ImportFile> Open(string path)
    {
        if (path != "-" && !File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path}.");
        }

        await using var input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        if (input.CanSeek)
        {
            return new(path, isTemporary: false);
        }

        var copy = System.IO.Path.GetTempFileName(); // readable by its owner only
        await using var kept = File.OpenWrite(copy);
        await input.CopyToAsync(kept);
        return new(copy, isTemporary: true);
    }

    /// <summary>Opens the requested format, or the one detected from the file's content.</summary>
    /// <exception cref="UnreadableSourceException">The format is not supported, or the file has unknown columns.</exception>
    public IUserSource OpenSource(string? format, FieldMap map, bool ignoresUnknown, TimeProvider clock)
    {
        var columns = new SourceColumns(map, ignoresUnknown);
        return (format ?? FileFormat.Detect(Path)) == FileFormat.Csv
            ? new CsvSource(Path, map, columns, clock)
            : new JsonSource(Path, columns, clock);
    }

    public void Dispose()
    {
        if (IsTemporary)
        {
            File.Delete(Path);
        }
    }
}
