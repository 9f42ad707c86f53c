namespace Latchkey.Activity.Metering;

/// <summary>How much an application stored, from a time on.</summary>
public sealed record StoredBytes
{
    public long Bytes { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }
}
