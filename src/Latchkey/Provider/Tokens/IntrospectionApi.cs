using Latchkey.Core;

namespace Latchkey.Provider.Tokens;

/// <summary>The introspection endpoint (RFC 7662).</summary>
public static class IntrospectionApi
{
    public static void MapIntrospection(this RouteGroupBuilder oauth) =>
        oauth.MapPost("introspect", Show).WithSummary("Ask whether a token is active, and what it says.");

    private static async Task<IResult> Show(HttpContext context, ProviderCaller caller, IntrospectionRules rules) =>
        (await rules.Find(context.Request, caller)).Failed(out var answer, out var refused)
            ? OAuthResults.From(refused)
            : OAuthResults.Json(json => answer.Write(json));
}
