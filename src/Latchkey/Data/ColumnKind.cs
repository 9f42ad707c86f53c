namespace Latchkey.Data;

/// <summary>What a column holds, the same on both engines.</summary>
public enum ColumnKind
{
    Text,
    Number,
    Boolean,
    Bytes,
}
