using System.Text.Json;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Reads the objects of a JSON file, which has one object per line or is one document. Streamed.</summary>
public static class JsonRows
{
    private const int MaxFirstLine = 1024 * 1024;

    public static IEnumerable<SourceRow> Read(string path)
    {
        var isDocument = IsDocument(path);
        using var stream = SourceText.Open(path);
        foreach (var row in isDocument ? new JsonDocumentReader(stream).Rows() : JsonLines.Read(stream))
        {
            yield return row;
        }
    }

    /// <summary>True for an array, an object of several lines, and an object with a list of users.</summary>
    private static bool IsDocument(string path)
    {
        using var stream = SourceText.Open(path);
        var buffer = new byte[MaxFirstLine];
        var start = buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)).TrimStart(" \t\r\n"u8);
        if (start.IsEmpty || start[0] != '{')
        {
            return start.StartsWith("["u8);
        }

        var end = start.IndexOf((byte)'\n');
        try
        {
            var line = end < 0 ? start : start[..end];
            var reader = new Utf8JsonReader(line, isFinalBlock: false, JsonDocumentReader.Start);
            return !reader.Read() || !reader.TrySkip() || JsonUserList.Find(line[..(int)reader.BytesConsumed]) is not null;
        }
        catch (JsonException)
        {
            return false; // only this line is invalid
        }
    }
}
