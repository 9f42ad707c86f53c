using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Latchkey.Cryptography;

/// <summary>RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3); keys of at least 2048 bits.</summary>
public sealed class RsaKey : JwsKey
{
    private const int MinKeyBits = 2048;

    // An RSA object is not thread-safe, so this pool grows to the number of concurrently signing threads.
    private readonly ConcurrentBag<RSA> idle = [];
    private readonly RSAParameters parameters;

    public RsaKey(RSAParameters parameters, string? keyId)
        : base(Rs256, keyId)
    {
        this.parameters = parameters;
        if (parameters.Modulus is not { } modulus || modulus.Length * 8 < MinKeyBits)
        {
            throw new CryptographicException($"RSA keys below {MinKeyBits} bits are not taken (RFC 7518 §3.3)");
        }

        if (RocaKeys.Contains(modulus))
        {
            throw new CryptographicException("this RSA key was made by a library whose keys can be factored (ROCA, CVE-2017-15361)");
        }

        idle.Add(RSA.Create(parameters)); // throws for an invalid modulus or exponent
    }

    public RSAParameters Public => new() { Modulus = parameters.Modulus, Exponent = parameters.Exponent };

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        var rsa = Rent();
        var signature = rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        idle.Add(rsa);
        return signature;
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var rsa = Rent();
        var good = rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        idle.Add(rsa);
        return good;
    }

    protected override void Dispose(bool disposing)
    {
        while (idle.TryTake(out var rsa))
        {
            rsa.Dispose();
        }
    }

    private RSA Rent() => idle.TryTake(out var rsa) ? rsa : RSA.Create(parameters);
}
