using Latchkey.Cryptography;

namespace Latchkey.Applications.Credentials;

/// <summary>An App Token as it is stored; its text is written anew from this, the same each time.</summary>
public sealed record AppTokenRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>Unix seconds, as in the token.</summary>
    public long IssuedAt { get; init; }

    /// <summary>The key of the ring that signed it.</summary>
    public string RingKey { get; init; } = "";

    /// <summary>Null: it does not end.</summary>
    public long? ExpiresAt { get; init; }

    public AppToken Token => new(AppId, Id, IssuedAt) { RingKey = RingKey };

    public Credential Credential => new() { Id = Id, ExpiresAt = ExpiresAt };
}
