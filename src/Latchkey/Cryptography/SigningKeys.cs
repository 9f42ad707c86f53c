using System.Security.Cryptography;

namespace Latchkey.Cryptography;

/// <summary>Creates and decrypts signing keys. Creating an RSA key takes 50–500 ms of CPU time: never do it inside a transaction.</summary>
public sealed class SigningKeys(KeyRing ring)
{
    private const int RsaBits = 2048;

    /// <summary>How long caches may keep the published keys (max-age).</summary>
    public static readonly TimeSpan CacheLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long a key is published before it signs: twice the cache lifetime, so that every verifier has fetched it.</summary>
    public static readonly TimeSpan AnnouncementPeriod = 2 * CacheLifetime;

    public static IReadOnlyList<string> Algorithms { get; } = [JwsKey.Rs256, JwsKey.Es256];

    /// <summary>A new key: RSA of 2048 bits for RS256, P-256 for ES256.</summary>
    public SigningKeyRow Create(string id, string appId, string algorithm, long now)
    {
        using AsymmetricAlgorithm key = algorithm == JwsKey.Es256 ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(RsaBits);
        return Import(key, id, appId, algorithm, now);
    }

    /// <summary>A key created elsewhere.</summary>
    public SigningKeyRow Import(AsymmetricAlgorithm key, string id, string appId, string algorithm, long now)
    {
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            return new SigningKeyRow
            {
                Id = id,
                AppId = appId,
                Algorithm = algorithm,
                PublicKey = key.ExportSubjectPublicKeyInfoPem(),
                PrivateKeySealed = ring.Encrypt(Purpose(id), pkcs8),
                CreatedAt = now,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    public JwsKey Open(SigningKeyRow row)
    {
        var pkcs8 = ring.Open(Purpose(row.Id), row.PrivateKeySealed);
        try
        {
            return row.Algorithm == JwsKey.Es256
                ? OpenEc(row, ec => ec.ImportPkcs8PrivateKey(pkcs8, out _), true)
                : OpenRsa(row, rsa => rsa.ImportPkcs8PrivateKey(pkcs8, out _), true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>The public key, for verification.</summary>
    public static JwsKey OpenPublic(SigningKeyRow row) =>
        row.Algorithm == JwsKey.Es256
            ? OpenEc(row, ec => ec.ImportFromPem(row.PublicKey), false)
            : OpenRsa(row, rsa => rsa.ImportFromPem(row.PublicKey), false);

    /// <summary>The encryption purpose of a private key.</summary>
    public static string Purpose(string id) => $"signing_keys/{id}";

    private static RsaKey OpenRsa(SigningKeyRow row, Action<RSA> import, bool includePrivate)
    {
        using var rsa = RSA.Create();
        import(rsa);
        return new RsaKey(rsa.ExportParameters(includePrivate), row.Id);
    }

    private static EcKey OpenEc(SigningKeyRow row, Action<ECDsa> import, bool includePrivate)
    {
        using var ec = ECDsa.Create();
        import(ec);
        return new EcKey(ec.ExportParameters(includePrivate), row.Id);
    }
}
