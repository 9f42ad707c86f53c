namespace Latchkey.Operations.UserTransfer;

/// <summary>The target of a column or property: a field, a metadata path, or none.</summary>
/// <param name="Path">A metadata path, for a name like <c>metaData.user_data.name</c>.</param>
public sealed record FieldTarget(UserField? Field, string Path = "")
{
    public static readonly FieldTarget Ignored = new(Field: null);
}
