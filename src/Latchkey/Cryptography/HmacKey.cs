using System.Security.Cryptography;

namespace Latchkey.Cryptography;

/// <summary>HMAC-SHA-256 (RFC 7518 §3.2) with keys of at least 256 bits, from the key ring or a test vector.</summary>
public sealed class HmacKey(byte[] secret, string? keyId) : JwsKey(Hs256, keyId)
{
    private readonly byte[] secret =
        secret.Length >= HMACSHA256.HashSizeInBytes
            ? secret
            : throw new CryptographicException("HS256 takes keys of 256 bits and more (RFC 7518 §3.2)");

    public override byte[] Sign(ReadOnlySpan<byte> data) => HMACSHA256.HashData(secret, data);

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(Sign(data), signature);
}
