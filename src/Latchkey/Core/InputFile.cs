using System.Text;

namespace Latchkey.Core;

/// <summary>Reads a small file whole, within a bound: a device or a wrong file must not fill the memory.</summary>
public static class InputFile
{
    /// <summary>The file's text, without a byte order mark.</summary>
    /// <exception cref="UnreadableFileException">The file is longer, or not UTF-8.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string ReadText(string path, int maxBytes)
    {
        using var file = File.OpenRead(path);
        return ReadText(file, path, maxBytes);
    }

    /// <param name="name">What the stream is, for the message.</param>
    /// <inheritdoc cref="ReadText(string, int)"/>
    public static string ReadText(Stream stream, string name, int maxBytes)
    {
        ReadOnlySpan<byte> text = ReadBytes(stream, name, maxBytes);
        try
        {
            return StrictUtf8.Encoding.GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
        }
        catch (DecoderFallbackException)
        {
            throw new UnreadableFileException($"{name} is not text in UTF-8.");
        }
    }

    /// <summary>The file's bytes.</summary>
    /// <exception cref="UnreadableFileException">The file is longer.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[] ReadBytes(string path, int maxBytes)
    {
        using var file = File.OpenRead(path);
        return ReadBytes(file, path, maxBytes);
    }

    private static byte[] ReadBytes(Stream stream, string name, int maxBytes)
    {
        var bytes = new byte[Math.Min(maxBytes, 4096) + 1];
        var length = 0;
        while (stream.Read(bytes, length, bytes.Length - length) is > 0 and var read)
        {
            length += read;
            if (length > maxBytes)
            {
                throw new UnreadableFileException($"{name} is longer than {maxBytes} bytes.");
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(maxBytes, length * 2) + 1);
            }
        }

        return bytes[..length];
    }
}
