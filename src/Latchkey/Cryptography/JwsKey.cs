using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Latchkey.Cryptography;

/// <summary>A key of JSON Web Signature (RFC 7515) that is good for exactly one algorithm of RFC 7518 §3.1.</summary>
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

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>HMAC-SHA-256, RFC 7518 §3.2, with keys of 256 bits and more; only ever made from the key ring or a test vector.</summary>
public sealed class HmacKey(byte[] secret, string? keyId) : JwsKey(Hs256, keyId)
{
    private readonly byte[] secret = secret.Length >= HMACSHA256.HashSizeInBytes
        ? secret
        : throw new CryptographicException("HS256 takes keys of 256 bits and more (RFC 7518 §3.2)");

    public override byte[] Sign(ReadOnlySpan<byte> data) => HMACSHA256.HashData(secret, data);

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => CryptographicOperations.FixedTimeEquals(Sign(data), signature);
}

/// <summary>RSASSA-PKCS1-v1_5 with SHA-256, RFC 7518 §3.3; keys of 2048 bits and more.</summary>
public sealed class RsaKey : JwsKey
{
    private const int MinKeyBits = 2048;

    // An RSA object is for one thread at a time; as many are made as threads ever sign at once.
    private readonly ConcurrentBag<RSA> idle = [];
    private readonly RSAParameters parameters;

    public RsaKey(RSAParameters parameters, string? keyId)
        : base(Rs256, keyId)
    {
        this.parameters = parameters;
        if ((parameters.Modulus?.Length ?? 0) * 8 < MinKeyBits)
        {
            throw new CryptographicException($"RSA keys below {MinKeyBits} bits are not taken (RFC 7518 §3.3)");
        }

        if (RocaKeys.Contains(parameters.Modulus!))
        {
            throw new CryptographicException("this RSA key was made by a library whose keys can be factored (ROCA, CVE-2017-15361)");
        }

        idle.Add(RSA.Create(parameters)); // throws for a modulus or exponent that cannot be
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

/// <summary>ECDSA on P-256 with SHA-256, RFC 7518 §3.4: the signature is r and s, 32 bytes each.</summary>
public sealed class EcKey : JwsKey
{
    private const int SignatureBytes = 64;
    private readonly ConcurrentBag<ECDsa> idle = [];
    private readonly ECParameters parameters;

    public EcKey(ECParameters parameters, string? keyId)
        : base(Es256, keyId)
    {
        this.parameters = parameters;
        using var checkedCurve = ECDsa.Create(parameters); // throws for a point that is not on the curve
        if (checkedCurve.KeySize != 256)
        {
            throw new CryptographicException("ES256 takes keys on P-256 only");
        }
    }

    public ECParameters Public => new() { Curve = parameters.Curve, Q = parameters.Q };

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        var ecdsa = Rent();
        var signature = ecdsa.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(ecdsa);
        return signature;
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes)
        {
            return false;
        }

        var ecdsa = Rent();
        var good = ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(ecdsa);
        return good;
    }

    protected override void Dispose(bool disposing)
    {
        while (idle.TryTake(out var ecdsa))
        {
            ecdsa.Dispose();
        }
    }

    private ECDsa Rent() => idle.TryTake(out var ecdsa) ? ecdsa : ECDsa.Create(parameters);
}
