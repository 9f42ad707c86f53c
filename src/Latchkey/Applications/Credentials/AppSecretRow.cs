namespace Latchkey.Applications.Credentials;

/// <summary>An App Secret, stored as a hash only.</summary>
public sealed record AppSecretRow
{
    public string Hash { get; init; } = "";

    /// <summary>A name for people; may be empty.</summary>
    public string Label { get; init; } = "";

    public long CreatedAt { get; init; }

    /// <summary>Null: it does not expire.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>Identifies the secret for people: the first 12 hex digits of its SHA-256.</summary>
    public string Fingerprint => Convert.ToHexStringLower(System.Buffers.Text.Base64Url.DecodeFromChars(Hash))[..12];

    public Credential Credential => new() { Id = Hash, ExpiresAt = ExpiresAt };
}
