using System.IO.Compression;

namespace Latchkey.Operations;

/// <summary>Opens zip files of others. Their table of contents is bounded, because all of it is kept in memory.</summary>
public static class BoundedZip
{
    private const long MaxDirectoryBytes = 1024 * 1024;

    /// <exception cref="InvalidDataException">It is not a zip file, or it lists too many files.</exception>
    public static ZipArchive Open(string path)
    {
        var file = new LimitedFileStream(path, MaxDirectoryBytes);
        try
        {
            var zip = new ZipArchive(file);
            _ = zip.Entries.Count; // reads the table of contents
            file.Limit = long.MaxValue;
            return zip;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A file that gives only so many bytes.</summary>
    private sealed class LimitedFileStream(string path, long limit) : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
    {
        public long Limit { get; set; } = limit;

        public override int Read(Span<byte> buffer) => Count(base.Read(buffer));

        public override int Read(byte[] buffer, int offset, int count) => Count(base.Read(buffer, offset, count));

        private int Count(int read) =>
            (Limit -= read) >= 0 ? read : throw new InvalidDataException("The file's table of contents is too long.");
    }
}
