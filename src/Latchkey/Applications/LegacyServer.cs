using System.Security.Cryptography;
using Latchkey.Cryptography;

namespace Latchkey.Applications;

/// <summary>The server that an application moved in from: with its public key, tokens that it gave out go on working.</summary>
/// <param name="AppTokenHash">The SHA-256 of the one App Token that is accepted; it has no end.</param>
/// <param name="AccessTokensUntil">Unix milliseconds.</param>
public sealed record LegacyServer(JwsKey Key, string AppTokenHash, long AccessTokensUntil)
{
    /// <summary>The session that all old access tokens of a user count as.</summary>
    public static string SessionId(string userId) => $"old:{userId}";

    /// <summary>Null while its tokens are not accepted.</summary>
    public static LegacyServer? Create(LegacyServerRow? row) =>
        row?.PublicKey is { } pem && ReadKey(pem) is { } key ? new LegacyServer(key, row.AppTokenHash, row.AccessTokensUntil) : null;

    /// <summary>An RSA public key in PEM (SubjectPublicKeyInfo or PKCS#1), of 2048 bits and more; null for anything else.</summary>
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
