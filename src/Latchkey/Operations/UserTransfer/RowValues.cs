namespace Latchkey.Operations.UserTransfer;

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
