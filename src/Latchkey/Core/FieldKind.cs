namespace Latchkey.Core;

public enum FieldKind
{
    Absent,
    Text,
    Number,
    Boolean,

    /// <summary>A JSON object, as it was written.</summary>
    Object,

    /// <summary>A JSON array, as it was written.</summary>
    Array,
    Other,
}
