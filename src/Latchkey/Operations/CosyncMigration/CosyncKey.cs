using System.Security.Cryptography;
using System.Text;
using Latchkey.Cryptography;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>A signing key as stored by CosyncJWT: a PEM in base64, private in PKCS#1, public as SubjectPublicKeyInfo.</summary>
public static class CosyncKey
{
    private const int MinKeyBits = 2048;

    /// <summary>The key to store, or the reason why it is refused.</summary>
    public static (SigningKeyRow? Key, string? Refused) Read(
        SigningKeys keys,
        string? privateKey,
        string? publicKey,
        string id,
        string appId,
        long now
    )
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(Pem(privateKey));
            if (rsa.KeySize < MinKeyBits)
            {
                return (null, $"its RSA key has {rsa.KeySize} bits; {MinKeyBits} are the least");
            }

            if (publicKey is not null && !IsPublicHalfOf(rsa, Pem(publicKey)))
            {
                return (null, "its public key is not the private key's other half");
            }

            return (keys.Import(rsa, id, appId, JwsKey.Rs256, now) with { State = SigningKeyState.Active, ActivatedAt = now }, null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException)
        {
            return (null, "its private key cannot be read; if the old server encrypted it, give its key with --encryption-key-file");
        }
    }

    private static bool IsPublicHalfOf(RSA key, string publicPem)
    {
        using var half = RSA.Create();
        half.ImportFromPem(publicPem);
        return half.ExportParameters(false).Modulus.AsSpan().SequenceEqual(key.ExportParameters(false).Modulus);
    }

    private static string Pem(string? base64) =>
        base64 is null ? ""
        : base64.StartsWith("-----", StringComparison.Ordinal) ? base64
        : Encoding.ASCII.GetString(Convert.FromBase64String(base64));
}
