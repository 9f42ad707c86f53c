namespace Latchkey.Operations.KeyRotation;

/// <summary>The live items that a key signed or hashed: their number and last expiry.</summary>
public sealed record LiveKeys
{
    public long Count { get; init; }

    /// <summary>When the last one expires, in unix milliseconds; null when there is none, or one does not expire.</summary>
    public long? Until { get; init; }
}
