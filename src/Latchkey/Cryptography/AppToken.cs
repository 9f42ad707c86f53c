namespace Latchkey.Cryptography;

/// <summary>Names an application; public, it sits in every copy of the app. <paramref name="IssuedAt"/> in unix seconds.</summary>
public sealed record AppToken(string AppId, string Id, long IssuedAt)
{
    /// <summary>The key of the ring that signs it; null for the current one.</summary>
    public string? RingKey { get; init; }
}
