namespace Latchkey.Cryptography;

/// <summary>An application's signing key for user JWTs, as stored.</summary>
public sealed record SigningKeyRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>RS256 or ES256.</summary>
    public string Algorithm { get; init; } = "";

    public string State { get; init; } = SigningKeyState.Announced;

    /// <summary>SubjectPublicKeyInfo, PEM.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>PKCS#8, encrypted by the key ring.</summary>
    public string PrivateKeySealed { get; init; } = "";

    public long CreatedAt { get; init; }

    /// <summary>When it last became active; null if it never was.</summary>
    public long? ActivatedAt { get; init; }

    /// <summary>When a retiring key is removed from the JWKS.</summary>
    public long? EndsAt { get; init; }

    /// <summary>When the last JWT expires that was signed under a longer lifetime than the current one.</summary>
    public long SignedUntil { get; init; }
}
