using System.Buffers.Binary;
using System.Text;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Opens a file as UTF-8 without a byte order mark, converting from UTF-16 and UTF-32.</summary>
public static class SourceText
{
    /// <summary>
    /// UTF-16 and UTF-32 are detected by their byte order mark, UTF-16 also by the zero bytes of its first characters. Other files are read
    /// as they are: the caller validates that they are UTF-8, because it knows the line.
    /// </summary>
    /// <exception cref="UnreadableSourceException">Thrown while reading, when the UTF-16 or UTF-32 is invalid.</exception>
    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        var start = new byte[4];
        var (encoding, mark) = Detect(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
        file.Position = mark;
        return encoding is null
            ? file
            : Encoding.CreateTranscodingStream(
                file,
                Encoding.GetEncoding(encoding, EncoderFallback.ExceptionFallback, new DamagedTextFallback()),
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
            );
    }

    /// <summary>The encoding's name, null for UTF-8, and the length of the byte order mark.</summary>
    private static (string? Encoding, int Mark) Detect(ReadOnlySpan<byte> start) =>
        start.StartsWith("\uFEFF"u8) ? (null, 3)
        : start.Length < 4 ? (null, 0)
        : BinaryPrimitives.ReadUInt32LittleEndian(start) == 0xFEFF ? ("utf-32", 4)
        : BinaryPrimitives.ReadUInt32BigEndian(start) == 0xFEFF ? ("utf-32BE", 4)
        : BinaryPrimitives.ReadUInt16LittleEndian(start) == 0xFEFF ? ("utf-16", 2)
        : BinaryPrimitives.ReadUInt16BigEndian(start) == 0xFEFF ? ("utf-16BE", 2)
        : start is [not 0, 0, not 0, 0] ? ("utf-16", 0)
        : start is [0, not 0, 0, not 0] ? ("utf-16BE", 0)
        : (null, 0);
}
