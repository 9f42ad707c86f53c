using System.Globalization;

namespace Latchkey.Operations.UserTransfer;

/// <summary>The whole file is unreadable, for example because its header is wrong. The message is a sentence for its user.</summary>
public sealed class UnreadableSourceException(string message) : IOException(message)
{
    /// <summary>Another encoding is not guessed, because a wrong guess changes handles.</summary>
    public static UnreadableSourceException NotUtf8(long line) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Line {line} of the file is not UTF-8. Convert the file first, for example from Windows-1252 (which includes Latin-1): "
                    + $"iconv -f WINDOWS-1252 -t UTF-8 FILE > FILE.utf8"
            )
        );
}
