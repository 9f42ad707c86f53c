using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// A file of users that can be read repeatedly. Standard input, or a pipe, is copied to a private folder below the data folder until the
/// import ends.
/// </summary>
public sealed class ImportFile : IDisposable
{
    private readonly TemporaryFolder? folder;

    private ImportFile(string path, TemporaryFolder? folder) => (Path, this.folder) = (path, folder);

    public string Path { get; }

    /// <summary>Whether it is a copy of standard input or a pipe.</summary>
    public bool IsTemporary => folder is not null;

    /// <exception cref="IOException">It cannot be read, or the copy cannot be written.</exception>
    public static async Task<ImportFile> Open(string path, string dataFolder)
    {
        if (path != "-" && !File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path}.");
        }

        await using var input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        if (input.CanSeek)
        {
            return new(path, folder: null);
        }

        var folder = new TemporaryFolder(dataFolder, "import");
        try
        {
            var copy = System.IO.Path.Combine(folder.FullPath, "users");
            await using var kept = File.Create(copy);
            await input.CopyToAsync(kept);
            return new(copy, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
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

    public void Dispose() => folder?.Dispose();
}
