namespace Latchkey.Cryptography;

/// <summary>
/// An App Token, which identifies an application. It is public: every copy of the app contains it. <paramref name="IssuedAt"/> in unix
/// seconds.
/// </summary>
public sealed record AppToken(string AppId, string Id, long IssuedAt)
{
    /// <summary>The id of the signing key in the key ring; null for the current one.</summary>
    public string? RingKey { get; init; }
}
