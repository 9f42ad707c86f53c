namespace Latchkey.Portal.Messages;

/// <summary>What a <see cref="DifferenceLine"/> is.</summary>
public enum DifferenceKind
{
    /// <summary>In both texts.</summary>
    Equal,

    /// <summary>In the first text only.</summary>
    Removed,

    /// <summary>In the second text only.</summary>
    Added,

    /// <summary>Equal lines that are not shown.</summary>
    Folded,
}
