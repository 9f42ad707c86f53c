namespace Latchkey.Data;

/// <summary>The type of a column, the same on both engines.</summary>
public enum ColumnKind
{
    Text,
    Number,
    Boolean,
    Bytes,
}
