namespace Latchkey.Operations.KeyRotation;

/// <summary>Things that a key of the ring signed or hashed and that end by themselves: how many live, and until when.</summary>
public sealed record LiveKeys
{
    public long Count { get; init; }

    /// <summary>When the last of them ends; null when there is none, or one has no end.</summary>
    public long? Until { get; init; }
}
