using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Latchkey.Cryptography;

/// <summary>ECDSA on P-256 with SHA-256 (RFC 7518 §3.4): the signature is r and s, 32 bytes each.</summary>
public sealed class EcKey : JwsKey
{
    private const int SignatureBytes = 64;
    private readonly ConcurrentBag<ECDsa> idle = [];
    private readonly ECParameters parameters;

    public EcKey(ECParameters parameters, string? keyId)
        : base(Es256, keyId)
    {
        this.parameters = parameters;
        using var checkedCurve = ECDsa.Create(parameters); // throws if the point is not on the curve
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
