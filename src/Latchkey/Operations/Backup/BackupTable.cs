using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Latchkey.Operations.Backup;

/// <summary>
/// A table of a backup, read once from its beginning with one row in memory. Everything about it is checked while it is read: the form and
/// the length of each row, the number of rows, and the digest.
/// </summary>
public sealed class BackupTable : IDisposable
{
    /// <summary>More than any row that Latchkey writes.</summary>
    public const int MaxRowBytes = 64 * 1024 * 1024;

    private const int MaxColumns = 500;

    private static readonly JsonDocumentOptions Flat = new() { MaxDepth = 1 };

    private readonly Stream stream;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long rows;
    private readonly string? digest;
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <param name="name">The table's name.</param>
    /// <param name="entry">Its file.</param>
    /// <param name="rows">The number of rows that the manifest states.</param>
    /// <param name="digest">The digest that the manifest states; null if it states none.</param>
    /// <exception cref="RestoreException">Its first line does not name columns.</exception>
    public BackupTable(string name, ZipArchiveEntry entry, long rows, string? digest)
    {
        (Name, this.rows, this.digest) = (name, rows, digest);
        stream = Open(entry);
        using var header = ParseLine(row: 0, MaxColumns) ?? throw Damaged("is empty");
        Columns =
        [
            .. header
                .RootElement.EnumerateArray()
                .Select(column =>
                    BackupValue.Problem(column) is null && column.ValueKind == JsonValueKind.String ? column.GetString() : null
                )
                .Select(column => column ?? throw Damaged("has a first line that does not name its columns")),
        ];
        if (Columns.Distinct(StringComparer.Ordinal).Count() != Columns.Count)
        {
            throw Damaged("names a column twice");
        }
    }

    public string Name { get; }

    /// <summary>Its columns, in the order of the values of a row.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows, each valid until the next is read.</summary>
    /// <exception cref="RestoreException">It is damaged, or not what the manifest states.</exception>
    public IEnumerable<IReadOnlyList<JsonElement>> Rows()
    {
        for (var row = 1L; ParseLine(row, Columns.Count) is { } line; row++)
        {
            using (line)
            {
                if (row > rows)
                {
                    throw Damaged($"has more than the {rows} rows that the manifest states");
                }

                JsonElement[] values = [.. line.RootElement.EnumerateArray()];
                if (values.Length != Columns.Count)
                {
                    throw Damaged($"has {values.Length} values in row {row}, and {Columns.Count} columns");
                }

                if (values.Select(BackupValue.Problem).FirstOrDefault(problem => problem is not null) is { } why)
                {
                    throw Damaged($"has {why} in row {row}");
                }

                yield return values;
                if (row == rows)
                {
                    RequireEnd();
                    yield break;
                }
            }
        }

        if (rows > 0)
        {
            throw Damaged($"has fewer than the {rows} rows that the manifest states");
        }

        RequireEnd();
    }

    /// <summary>Reads all rows, to learn whether the table is whole.</summary>
    /// <inheritdoc cref="Rows"/>
    public void Verify()
    {
        foreach (var _ in Rows())
        {
            // Rows has checked it.
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }

    private void RequireEnd()
    {
        if (ReadLine() is not null)
        {
            throw Damaged($"has more than the {rows} rows that the manifest states");
        }

        var actual = Convert.ToBase64String(hash.GetHashAndReset());
        if (digest is not null && digest != actual)
        {
            throw Damaged("is not the one that the manifest was written for");
        }
    }

    private Stream Open(ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (InvalidDataException)
        {
            throw Damaged("cannot be unpacked");
        }
    }

    /// <summary>The next line, which is a JSON array of at most so many values; null at the end.</summary>
    private JsonDocument? ParseLine(long row, int maxValues)
    {
        if (ReadLine() is not { } line)
        {
            return null;
        }

        try
        {
            if (HasMoreValues(line.Span, maxValues))
            {
                throw Damaged($"has more than {maxValues} values in {(row == 0 ? "its first line" : $"row {row}")}");
            }

            var parsed = JsonDocument.Parse(line, Flat);
            return parsed.RootElement.ValueKind == JsonValueKind.Array ? parsed : throw new JsonException("not an array");
        }
        catch (JsonException)
        {
            throw Damaged("has a line that is not a JSON array of values");
        }
    }

    /// <summary>Counts before anything is kept: parsed, each value takes many times its length.</summary>
    private static bool HasMoreValues(ReadOnlySpan<byte> line, int max)
    {
        var reader = new Utf8JsonReader(line);
        for (var values = 0; reader.Read(); )
        {
            if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray) && ++values > max)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The next line without its end; null at the end of the file.</summary>
    private ReadOnlyMemory<byte>? ReadLine()
    {
        var searched = start;
        while (true)
        {
            var length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = buffer.AsMemory(start, searched + length - start);
                start = searched + length + 1;
                return line;
            }

            searched = end - start;
            MakeRoom();
            var read = Read();
            if (read == 0)
            {
                if (start == end)
                {
                    return null;
                }

                var last = buffer.AsMemory(start, end - start);
                start = end;
                return last;
            }

            end += read;
        }
    }

    private void MakeRoom()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            Array.Resize(
                ref buffer,
                end < MaxRowBytes ? Math.Min(end * 2, MaxRowBytes) : throw Damaged($"has a row of more than {MaxRowBytes >> 20} MiB")
            );
        }
    }

    private int Read()
    {
        try
        {
            var read = stream.Read(buffer, end, buffer.Length - end);
            hash.AppendData(buffer, end, read);
            return read;
        }
        catch (InvalidDataException)
        {
            throw Damaged("cannot be unpacked");
        }
    }

    private RestoreException Damaged(string how) => new($"The backup is damaged: its table {Name} {how}. Nothing was restored.");
}
