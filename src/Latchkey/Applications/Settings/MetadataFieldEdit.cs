using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>
/// A change of a metadata field list. It is applied to the list as stored at that time, so that concurrent edits are kept.
/// </summary>
public abstract record MetadataFieldEdit
{
    private static readonly Error FieldDeleted = Setting.Invalid("Somebody else deleted this field.");

    /// <summary>The list after the edit; an error when the field was changed meanwhile.</summary>
    public abstract Result<IReadOnlyList<MetadataField>> Apply(IReadOnlyList<MetadataField> fields);

    /// <summary>Appends a new field.</summary>
    public sealed record Add(MetadataField Field) : MetadataFieldEdit
    {
        public override Result<IReadOnlyList<MetadataField>> Apply(IReadOnlyList<MetadataField> fields) => fields.Append(Field).ToList();
    }

    /// <summary>Replaces the definition of a field.</summary>
    /// <param name="Expected">The definition that the editor saw.</param>
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

    /// <summary>Moves a field up or down by one; no effect at the end of the list.</summary>
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
