using System.Text;

namespace Latchkey.Operations.UserTransfer;

/// <summary>A user as it stands in a file: where, and its text, not looked into yet.</summary>
/// <param name="Line">Of its first character, from 1.</param>
/// <param name="Position">How far the file is read, in bytes.</param>
public sealed record SourceRow(long Line, long Position)
{
    /// <summary>A line of JSON.</summary>
    public byte[] Json { get; init; } = [];

    /// <summary>The cells of a CSV row.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>Why it cannot even be looked into.</summary>
    public string? Problem { get; init; }

    /// <summary>The row again, for the file of what was refused.</summary>
    public string Text() => Json.Length > 0 ? Encoding.UTF8.GetString(Json) : Csv.Row(Cells);
}

/// <summary>What a row says of a user: texts by field, and metadata by path. Unchecked, but for its form.</summary>
public sealed class RowValues
{
    private readonly string?[] texts = new string?[UserFields.Count];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> InviteMetadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The first thing that is wrong with the row; null when it has the form of a user.</summary>
    public string? Problem { get; set; }

    /// <summary>Trimmed; null for a field that is absent or empty.</summary>
    public string? this[UserField field]
    {
        get => texts[(int)field];
        set => texts[(int)field] = value?.Trim() is { Length: > 0 } text ? text : null;
    }

    public Dictionary<string, string> MetadataOf(UserField field) => field == UserField.MetaData ? Metadata : InviteMetadata;
}

/// <summary>Where users come from. It can be read more than once: to check, and to write.</summary>
public interface IUserSource
{
    /// <summary>Bytes; what <see cref="SourceRow.Position"/> counts up to.</summary>
    long Length { get; }

    /// <summary>All rows, from the start, a few in memory at a time.</summary>
    IEnumerable<SourceRow> Rows();

    /// <summary>Looks into a row; called by several threads at once.</summary>
    RowValues Parse(SourceRow row);
}

/// <summary>A file that cannot be read as a whole: its header is wrong, say. The message is a sentence for the one who gave it.</summary>
public sealed class UnreadableSourceException(string message) : IOException(message);
