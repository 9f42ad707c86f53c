using System.Security.Cryptography;

namespace Latchkey.Tokens;

/// <summary>An application's key for user JWTs, as it is stored. States: announced, active, retired.</summary>
public sealed record SigningKeyRow
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string Algorithm { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary>SubjectPublicKeyInfo, PEM.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>PKCS#8, sealed under the key ring.</summary>
    public string PrivateKeySealed { get; init; } = "";

    public long CreatedAt { get; init; }
}

/// <summary>Makes and opens signing keys. Making an RSA key takes a core for 50–500 ms: never inside a transaction.</summary>
public sealed class SigningKeys(KeyRing ring)
{
    private const int RsaBits = 2048;

    public SigningKeyRow Create(string id, string appId, long now)
    {
        using var rsa = RSA.Create(RsaBits);
        return new SigningKeyRow
        {
            Id = id,
            AppId = appId,
            Algorithm = JwsKey.Rs256,
            State = "active",
            PublicKey = rsa.ExportSubjectPublicKeyInfoPem(),
            PrivateKeySealed = ring.Seal(Purpose(id), rsa.ExportPkcs8PrivateKey()),
            CreatedAt = now,
        };
    }

    public JwsKey Open(SigningKeyRow row)
    {
        var pkcs8 = ring.Open(Purpose(row.Id), row.PrivateKeySealed);
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(pkcs8, out _);
            return new RsaKey(rsa.ExportParameters(includePrivateParameters: true), row.Id);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static string Purpose(string id) => $"signing_keys/{id}";
}
