namespace Latchkey.Operations.UserTransfer;

/// <summary>The target of a column or property: a field, a metadata path, or none.</summary>
/// <param name="Path">A metadata path, for a name like <c>metaData.user_data.name</c>.</param>
public sealed record FieldTarget(UserField? Field, string Path = "")
{
    public static readonly FieldTarget Ignored = new(Field: null);

    public ColumnReading Reading { get; init; } = ColumnReading.Value;

    /// <summary>Of several columns for a field, the lowest rank is used. 0 for Latchkey's own names and the operator's mapping.</summary>
    public int Rank { get; init; }

    public bool IsMetadata => Field is UserField.MetaData or UserField.InviteMetaData;

    /// <summary>The name for <c>--map</c>.</summary>
    public string Name => Field is { } named ? $"{UserFields.Name(named)}{(Path.Length > 0 ? "." : "")}{Path}" : "";
}
