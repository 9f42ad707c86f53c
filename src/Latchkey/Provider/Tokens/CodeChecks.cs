using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Core;
using Latchkey.Provider.Authorization;

namespace Latchkey.Provider.Tokens;

/// <summary>What the exchange of a code has to repeat of its authorization request. Null when it does.</summary>
public static class CodeChecks
{
    private const int MinVerifierLength = 43;
    private const int MaxVerifierLength = 128;

    private static readonly SearchValues<char> VerifierCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    );

    /// <summary>
    /// The redirect URI, as clients of RFC 6749 §4.1.3 send it. OAuth 2.1 does not want it any more, so with PKCE it may be left out.
    /// </summary>
    public static Error? RedirectUri(AuthorizationCode code, OAuthParameters parameters) =>
        (parameters["redirect_uri"] ?? (code.CodeChallenge is null ? "" : code.RedirectUri)) == code.RedirectUri
            ? null
            : OAuthErrors.InvalidGrant.WithCause("the redirect URI is not that of the authorization request");

    /// <summary>The PKCE verifier (RFC 7636 §4.5). One without a challenge is refused too: somebody may have removed it.</summary>
    public static Error? Verifier(AuthorizationCode code, OAuthParameters parameters)
    {
        var (verifier, challenge) = (parameters["code_verifier"], code.CodeChallenge);
        return (verifier, challenge) switch
        {
            (null, null) => null,
            (null, _) => OAuthErrors.InvalidGrant with { Message = "code_verifier is missing." },
            (_, null) => OAuthErrors.InvalidRequest with { Message = "code_verifier was sent, but no code_challenge before it." },
            _ when !IsWellFormed(verifier) => OAuthErrors.InvalidRequest with { Message = "code_verifier is malformed." },
            _ => IsOf(challenge, verifier) ? null : OAuthErrors.InvalidGrant with { Message = "code_verifier is wrong." },
        };
    }

    private static bool IsWellFormed(string verifier) =>
        verifier.Length is >= MinVerifierLength and <= MaxVerifierLength && !verifier.AsSpan().ContainsAnyExcept(VerifierCharacters);

    private static bool IsOf(string challenge, string verifier) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            Encoding.ASCII.GetBytes(challenge)
        );
}
