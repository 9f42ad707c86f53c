using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Checks that an access token comes in the scheme of its type, and one that is bound to a key with a proof of this key (RFC 9449 §7). A
/// stolen token then does not work, and nobody can turn it into a bearer token.
/// </summary>
public sealed class TokenBinding(DpopProofs proofs, ClientStore clients, Database database)
{
    /// <summary>Null if it is in order. invalid_token, invalid_dpop_proof or use_dpop_nonce otherwise, all with status 401.</summary>
    /// <param name="path">The endpoint, below <c>oauth2/</c>.</param>
    public async Task<Error?> Check(
        HttpRequest request,
        ProviderCaller caller,
        BearerToken presented,
        ProviderAccessToken token,
        string path
    )
    {
        if (!presented.Scheme.Equals(token.TokenType, StringComparison.OrdinalIgnoreCase))
        {
            return OAuthErrors.InvalidToken.WithCause($"a token of type {token.TokenType} came with another scheme");
        }

        if (token.DpopKey is not { } key)
        {
            return null;
        }

        if (await database.Read(db => clients.Find(db, caller.Application.Id, token.ClientId)) is not { } client)
        {
            return OAuthErrors.InvalidToken.WithCause("the client of the access token is gone");
        }

        var endpoint = DpopEndpoint.OfResource(caller, request.Method, path, presented.Text);
        return (await proofs.Read(request, caller, client, endpoint)).Failed(out var proof, out var refused)
                ? refused with
                {
                    HttpStatus = StatusCodes.Status401Unauthorized,
                }
            : proof is null
                ? OAuthErrors.InvalidDpopProof with
                {
                    HttpStatus = StatusCodes.Status401Unauthorized,
                    Cause = "no proof came with the access token",
                }
            : proof.Key != key ? OAuthErrors.InvalidToken.WithCause("the proof is of another key than the access token")
            : null;
    }
}
