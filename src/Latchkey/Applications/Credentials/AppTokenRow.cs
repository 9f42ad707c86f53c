using Latchkey.Cryptography;

namespace Latchkey.Applications.Credentials;

/// <summary>An App Token, as stored. Its text is deterministically signed from this data.</summary>
public sealed record AppTokenRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>Unix seconds, as in the token.</summary>
    public long IssuedAt { get; init; }

    /// <summary>The id of the signing key in the key ring.</summary>
    public string RingKey { get; init; } = "";

    /// <summary>Null: it does not expire.</summary>
    public long? ExpiresAt { get; init; }

    public AppToken Token => new(AppId, Id, IssuedAt) { RingKey = RingKey };

    public Credential Credential => new() { Id = Id, ExpiresAt = ExpiresAt };
}
