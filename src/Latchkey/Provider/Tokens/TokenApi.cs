using Latchkey.Core;

namespace Latchkey.Provider.Tokens;

/// <summary>The token endpoint (RFC 6749 §3.2).</summary>
public static class TokenApi
{
    /// <summary>Below <c>oauth2/</c>.</summary>
    public const string Path = "token";

    public static void MapToken(this RouteGroupBuilder oauth) => oauth.MapPost(Path, Issue).WithSummary("Get tokens.");

    private static async Task<IResult> Issue(HttpContext context, ProviderCaller caller, TokenRules rules) =>
        (await rules.Issue(context.Request, caller)).Failed(out var answer, out var refused)
            ? OAuthResults.From(refused)
            : OAuthResults.Json(answer.Write);
}
