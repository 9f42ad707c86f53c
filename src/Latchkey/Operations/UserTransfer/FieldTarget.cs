namespace Latchkey.Operations.UserTransfer;

/// <summary>Where a column or property of a file goes: into a field, to a path of the metadata, or nowhere.</summary>
/// <param name="Path">A metadata path, for a name like <c>metaData.user_data.name</c>.</param>
public sealed record FieldTarget(UserField? Field, string Path = "")
{
    public static readonly FieldTarget Ignored = new(Field: null);
}
