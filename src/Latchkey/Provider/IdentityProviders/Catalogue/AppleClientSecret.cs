using System.Security.Cryptography;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>
/// The client secret of Sign in with Apple: a JWT signed with the developer's key (developer.apple.com, "Creating a client secret":
/// ES256, <c>iss</c> the team, <c>sub</c> the Services ID, <c>aud</c> https://appleid.apple.com, at most six months; here five minutes).
/// </summary>
public static class AppleClientSecret
{
    private const string Audience = "https://appleid.apple.com";
    private const long LifetimeSeconds = 300;

    /// <summary>The secret for one token request; 602 when the key is no private key on P-256 in PEM.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public static Result<string> Create(string teamId, string keyId, string clientId, string privateKeyPem, long now)
    {
        if (Import(privateKeyPem) is not { } parameters)
        {
            return ErrorCodes.InvalidData with { Message = "The private key must be the content of the .p8 file that Apple gave you." };
        }

        using var key = new EcKey(parameters, keyId);
        var seconds = now / 1000;
        return Jwt.Write(
            key,
            "JWT",
            claims =>
            {
                claims.WriteString("iss"u8, teamId);
                claims.WriteNumber("iat"u8, seconds);
                claims.WriteNumber("exp"u8, seconds + LifetimeSeconds);
                claims.WriteString("aud"u8, Audience);
                claims.WriteString("sub"u8, clientId);
            }
        );
    }

    public static bool IsKey(string privateKeyPem) => Import(privateKeyPem) is not null;

    private static ECParameters? Import(string pem)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return ecdsa.KeySize == 256 ? ecdsa.ExportParameters(includePrivateParameters: true) : null;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return null; // no PEM, an encrypted one, another kind of key, or a public key
        }
    }
}
