namespace Latchkey.Operations.UserTransfer;

/// <summary>Splits a stream into lines with one line in memory, 1 MiB at most. A longer line is reported as a problem.</summary>
public static class JsonLines
{
    private const int MaxLineLength = 1024 * 1024;

    public static IEnumerable<SourceRow> Read(Stream stream)
    {
        var buffer = new byte[MaxLineLength];
        var (start, end, line, position, tooLong) = (0, 0, 1L, 0L, false);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                position += length + 1;
                if (Row(buffer.AsSpan(start, length), line++, position, tooLong) is { } row)
                {
                    yield return row;
                }

                (start, tooLong) = (start + length + 1, false);
                continue;
            }

            if (start == 0 && end == buffer.Length)
            {
                (position, end, tooLong) = (position + end, 0, true); // discards the rest of the line
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                if (Row(buffer.AsSpan(0, end), line, position + end, tooLong) is { } last)
                {
                    yield return last;
                }

                yield break;
            }

            end += read;
        }
    }

    /// <summary>Null for an empty line.</summary>
    private static SourceRow? Row(ReadOnlySpan<byte> bytes, long line, long position, bool tooLong)
    {
        if (tooLong)
        {
            return new SourceRow(line, position) { Problem = "longer than 1 MiB" };
        }

        var trimmed = (line == 1 && bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes).Trim(" \t\r"u8);
        return trimmed.Length == 0 ? null : new SourceRow(line, position) { Json = trimmed.ToArray() };
    }
}
