namespace Latchkey.Cryptography;

/// <summary>A JSON Web Signature key (RFC 7515) for exactly one algorithm of RFC 7518 §3.1.</summary>
public abstract class JwsKey(string algorithm, string? keyId) : IDisposable
{
    public const string Hs256 = "HS256";
    public const string Rs256 = "RS256";
    public const string Es256 = "ES256";

    public string Algorithm { get; } = algorithm;

    public string? KeyId { get; } = keyId;

    public abstract byte[] Sign(ReadOnlySpan<byte> data);

    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }
}
