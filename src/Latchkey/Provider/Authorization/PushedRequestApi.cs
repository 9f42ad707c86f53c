using Latchkey.Core;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Authorization;

/// <summary>The pushed authorization request endpoint (RFC 9126 §2).</summary>
public static class PushedRequestApi
{
    public static void MapPushedRequests(this RouteGroupBuilder oauth) =>
        oauth.MapPost("par", Push).WithSummary("Push an authorization request.");

    private static async Task<IResult> Push(
        HttpContext context,
        ProviderCaller caller,
        ClientAuthentication authentication,
        PushedRequests requests
    )
    {
        if ((await OAuthParameters.ReadForm(context.Request)).Failed(out var parameters, out var unreadable))
        {
            return OAuthResults.From(unreadable);
        }

        if ((await authentication.Authenticate(context.Request, caller, parameters)).Failed(out var client, out var unknown))
        {
            return OAuthResults.From(unknown);
        }

        string? proofKey = null; // DPoP: the thumbprint of the proof in the header, verified for POST and this address
        return requests.Push(caller, client, parameters, proofKey).Failed(out var uri, out var refused)
            ? OAuthResults.From(refused)
            : OAuthResults.Json(
                json =>
                {
                    json.WriteString("request_uri"u8, uri);
                    json.WriteNumber("expires_in"u8, (long)PushedRequests.Lifetime.TotalSeconds);
                },
                StatusCodes.Status201Created
            );
    }
}
