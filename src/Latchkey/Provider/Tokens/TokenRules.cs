using Latchkey.Core;

namespace Latchkey.Provider.Tokens;

/// <summary>The token endpoint: the client proves itself, then its grant type decides.</summary>
public sealed class TokenRules
{
    public async Task<Result<TokenAnswer>> Issue(HttpRequest request, ProviderCaller caller)
    {
        if ((await OAuthParameters.ReadForm(request)).Failed(out var parameters, out var unreadable))
        {
            return unreadable;
        }

        return parameters["grant_type"] is null
            ? OAuthErrors.InvalidRequest with
            {
                Message = "grant_type is missing.",
            }
            : OAuthErrors.UnsupportedGrantType.WithCause(caller.Issuer);
    }
}
