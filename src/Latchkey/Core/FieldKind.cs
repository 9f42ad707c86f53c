namespace Latchkey.Core;

public enum FieldKind
{
    Absent,
    Text,
    Number,
    Boolean,
    Other,
}
