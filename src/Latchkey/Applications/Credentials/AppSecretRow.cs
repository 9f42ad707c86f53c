namespace Latchkey.Applications.Credentials;

/// <summary>An App Secret as it is stored: only its hash, from which nobody gets back to it.</summary>
public sealed record AppSecretRow
{
    public string Hash { get; init; } = "";

    /// <summary>What people call it; may be empty.</summary>
    public string Label { get; init; } = "";

    public long CreatedAt { get; init; }

    /// <summary>Null: it does not end.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>How people tell secrets apart: the first 12 hex digits of its SHA-256.</summary>
    public string Fingerprint => Convert.ToHexStringLower(System.Buffers.Text.Base64Url.DecodeFromChars(Hash))[..12];

    public Credential Credential => new() { Id = Hash, ExpiresAt = ExpiresAt };
}
