using System.Security.Cryptography;
using Latchkey.Cryptography;

namespace Latchkey.Applications;

/// <summary>The CosyncJWT server that an application was imported from. Its public key verifies tokens that it issued.</summary>
/// <param name="AppTokenHash">The SHA-256 of the only accepted App Token, which does not expire.</param>
/// <param name="AccessTokensUntil">Unix milliseconds.</param>
public sealed record LegacyServer(JwsKey Key, string AppTokenHash, long AccessTokensUntil)
{
    /// <summary>The session id for all old access tokens of a user.</summary>
    public static string SessionId(string userId) => $"old:{userId}";

    /// <summary>Null while its tokens are not accepted.</summary>
    public static LegacyServer? Create(LegacyServerRow? row) =>
        row?.PublicKey is { } pem && ReadKey(pem) is { } key ? new LegacyServer(key, row.AppTokenHash, row.AccessTokensUntil) : null;

    /// <summary>Parses an RSA public key in PEM (SubjectPublicKeyInfo or PKCS#1) of at least 2048 bits; null for anything else.</summary>
    public static JwsKey? ReadKey(string pem)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new RsaKey(rsa.ExportParameters(includePrivateParameters: false), keyId: null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
