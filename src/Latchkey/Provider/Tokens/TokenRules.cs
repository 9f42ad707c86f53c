using Latchkey.Core;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Devices;

namespace Latchkey.Provider.Tokens;

/// <summary>The token endpoint: the client proves itself, then its grant type decides.</summary>
public sealed class TokenRules(
    ClientAuthentication clients,
    NamedGrants named,
    CodeGrant codes,
    RefreshGrant refresh,
    ClientCredentialsGrant clientCredentials,
    DeviceGrant device,
    ExchangeGrant exchange,
    DpopProofs proofs
)
{
    public async Task<Result<TokenAnswer>> Issue(HttpRequest request, ProviderCaller caller)
    {
        if ((await OAuthParameters.ReadForm(request)).Failed(out var parameters, out var unreadable))
        {
            return unreadable;
        }

        if (parameters["grant_type"] is not { } grantType)
        {
            return OAuthErrors.InvalidRequest with { Message = "grant_type is missing." };
        }

        if (FindGrant(grantType) is not { } issue)
        {
            return OAuthErrors.UnsupportedGrantType;
        }

        if (
            (await clients.Authenticate(request, caller, parameters, named.FindQuery(caller.Application, grantType, parameters))).Failed(
                out var client,
                out var refused
            )
        )
        {
            return refused;
        }

        if (!client.HasGrant(grantType))
        {
            return OAuthErrors.UnauthorizedClient.WithCause($"the client {client.Id} has no grant type {grantType}");
        }

        if ((await proofs.Read(request, caller, client, DpopEndpoint.OfServer(caller, TokenApi.Path))).Failed(out var proof, out refused))
        {
            return refused;
        }

        return client.Settings.DpopRequired && proof is null
            ? OAuthErrors.InvalidDpopProof.WithCause($"the client {client.Id} has to send a DPoP proof")
            : await issue(
                new TokenRequest(caller, client, parameters, proof?.Key) { Named = request.HttpContext.Features.Get<NamedGrant>() }
            );
    }

    /// <summary>Null for a grant type that is not supported.</summary>
    private Func<TokenRequest, Task<Result<TokenAnswer>>>? FindGrant(string grantType) =>
        grantType switch
        {
            GrantType.AuthorizationCode => codes.Issue,
            GrantType.RefreshToken => refresh.Issue,
            GrantType.ClientCredentials => clientCredentials.Issue,
            GrantType.DeviceCode => device.Issue,
            GrantType.TokenExchange => exchange.Issue,
            _ => null,
        };
}
