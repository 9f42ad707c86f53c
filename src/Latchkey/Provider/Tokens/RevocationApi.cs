using Latchkey.Core;

namespace Latchkey.Provider.Tokens;

/// <summary>The revocation endpoint (RFC 7009).</summary>
public static class RevocationApi
{
    public static void MapRevocation(this RouteGroupBuilder oauth) => oauth.MapPost("revoke", Revoke).WithSummary("Revoke a token.");

    private static async Task<IResult> Revoke(HttpContext context, ProviderCaller caller, RevocationRules rules) =>
        (await rules.Revoke(context.Request, caller)).Error is { } refused ? OAuthResults.From(refused) : OAuthResults.Json(_ => { });
}
