using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>
/// One change to a list of metadata fields, made to the list as it is when the change is stored, so that edits made at the same time all
/// stay.
/// </summary>
public abstract record MetadataFieldEdit
{
    private static readonly Error FieldDeleted = Setting.Invalid("Somebody else deleted this field.");

    /// <summary>The list after the edit; an error when the field it is about is no longer what it was.</summary>
    public abstract Result<IReadOnlyList<MetadataField>> Apply(IReadOnlyList<MetadataField> fields);

    /// <summary>Puts a new field at the end.</summary>
    public sealed record Add(MetadataField Field) : MetadataFieldEdit
    {
        public override Result<IReadOnlyList<MetadataField>> Apply(IReadOnlyList<MetadataField> fields) => fields.Append(Field).ToList();
    }

    /// <summary>Replaces a field by another definition.</summary>
    /// <param name="Expected">The field as the person who changes it saw it.</param>
    public sealed record Change(MetadataField Expected, MetadataField Field) : MetadataFieldEdit
    {
        public override Result<IReadOnlyList<MetadataField>> Apply(IReadOnlyList<MetadataField> fields) =>
            fields.FirstOrDefault(field => field.Path == Expected.Path) is not { } current ? FieldDeleted
            : current != Expected ? Setting.Invalid("Somebody else changed this field. Open it again to see the current values.")
            : fields.Select(field => field == current ? Field : field).ToList();
    }

    public sealed record Delete(string Path) : MetadataFieldEdit
    {
        public override Result<IReadOnlyList<MetadataField>> Apply(IReadOnlyList<MetadataField> fields) =>
            fields.Any(field => field.Path == Path) ? fields.Where(field => field.Path != Path).ToList() : FieldDeleted;
    }

    /// <summary>Moves a field one place up or down; at the end of the list it stays.</summary>
    public sealed record Move(string Path, bool Up) : MetadataFieldEdit
    {
        public override Result<IReadOnlyList<MetadataField>> Apply(IReadOnlyList<MetadataField> fields)
        {
            var moved = fields.ToList();
            var from = moved.FindIndex(field => field.Path == Path);
            if (from < 0)
            {
                return FieldDeleted;
            }

            var to = Math.Clamp(Up ? from - 1 : from + 1, 0, moved.Count - 1);
            (moved[from], moved[to]) = (moved[to], moved[from]);
            return moved;
        }
    }
}
