namespace Latchkey.Operations.UserTransfer;

/// <summary>The values of a row: texts by field, and metadata by path. Only the format is validated.</summary>
public sealed class RowValues
{
    private readonly string?[] texts = new string?[UserFields.Count];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> InviteMetadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The row's first problem; null when its format is valid.</summary>
    public string? Problem { get; set; }

    /// <summary>Trimmed; null for a field that is absent or empty.</summary>
    public string? this[UserField field]
    {
        get => texts[(int)field];
        set => texts[(int)field] = value?.Trim() is { Length: > 0 } text ? text : null;
    }

    public Dictionary<string, string> MetadataOf(UserField field) => field == UserField.MetaData ? Metadata : InviteMetadata;
}
