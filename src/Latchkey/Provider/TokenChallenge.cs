using Latchkey.Core;
using Latchkey.Provider.Tokens;
using Microsoft.Extensions.Primitives;

namespace Latchkey.Provider;

/// <summary>The header WWW-Authenticate of endpoints that take access tokens (RFC 6750 §3, RFC 9449 §7.1).</summary>
public static class TokenChallenge
{
    private const string Dpop = "DPoP";

    /// <summary>Both schemes. Only the one that was used names the error, and none does where no token came.</summary>
    /// <param name="issuer">The realm.</param>
    /// <param name="scheme">The scheme of the token that came; null for none.</param>
    /// <param name="error">What is wrong with it; null for nothing.</param>
    public static StringValues Create(string issuer, string? scheme, Error? error)
    {
        var isDpop = Dpop.Equals(scheme, StringComparison.OrdinalIgnoreCase);
        string[] challenges =
        [
            $"Bearer realm=\"{issuer}\"{(isDpop ? "" : Describe(error))}",
            $"{Dpop} realm=\"{issuer}\"{(isDpop ? Describe(error) : "")}, algs=\"{string.Join(' ', DpopProofs.Algorithms)}\"",
        ];
        return isDpop ? challenges.Reverse().ToArray() : challenges;
    }

    private static string Describe(Error? error) =>
        error is null
            ? ""
            : $", error=\"{error.OAuthCode}\", error_description=\"{OAuthResults.Describe(error)}\""
                + (error.Code == OAuthErrors.InsufficientScope.Code ? $", scope=\"{UserScopes.OpenId}\"" : "");
}
