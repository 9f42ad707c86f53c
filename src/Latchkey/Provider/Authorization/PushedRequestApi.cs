using Latchkey.Core;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;

namespace Latchkey.Provider.Authorization;

/// <summary>The pushed authorization request endpoint (RFC 9126 §2).</summary>
public static class PushedRequestApi
{
    /// <summary>Below <c>oauth2/</c>.</summary>
    private const string Path = "par";

    public static void MapPushedRequests(this RouteGroupBuilder oauth) =>
        oauth.MapPost(Path, Push).WithSummary("Push an authorization request.");

    private static async Task<IResult> Push(
        HttpContext context,
        ProviderCaller caller,
        ClientAuthentication authentication,
        DpopProofs proofs,
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

        var endpoint = DpopEndpoint.OfServer(caller, Path);
        if ((await proofs.Read(context.Request, caller, client, endpoint)).Failed(out var proof, out var unproved))
        {
            return OAuthResults.From(unproved);
        }

        return requests.Push(caller, client, parameters, proof?.Key).Failed(out var uri, out var refused)
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
