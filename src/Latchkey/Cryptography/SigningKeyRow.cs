namespace Latchkey.Cryptography;

/// <summary>An application's key for user JWTs, as it is stored.</summary>
public sealed record SigningKeyRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>RS256 or ES256.</summary>
    public string Algorithm { get; init; } = "";

    public string State { get; init; } = SigningKeyState.Announced;

    /// <summary>SubjectPublicKeyInfo, PEM.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>PKCS#8, sealed under the key ring.</summary>
    public string PrivateKeySealed { get; init; } = "";

    public long CreatedAt { get; init; }

    /// <summary>When it began to sign, the last time; null while it never did.</summary>
    public long? ActivatedAt { get; init; }

    /// <summary>When a retiring key leaves JWKS.</summary>
    public long? EndsAt { get; init; }

    /// <summary>Until when JWTs are good that were signed under longer lifetimes than now.</summary>
    public long SignedUntil { get; init; }
}
