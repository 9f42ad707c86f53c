using Latchkey.Core;

namespace Latchkey.Provider.UserInfo;

/// <summary>The UserInfo endpoint (OpenID Connect Core §5.3).</summary>
public static class UserInfoApi
{
    /// <summary>Below <c>oauth2/</c>.</summary>
    public const string Path = "userinfo";

    public static void MapUserInfo(this RouteGroupBuilder oauth) =>
        oauth.MapMethods(Path, [HttpMethods.Get, HttpMethods.Post], Show).WithSummary("Get the claims of the user of an access token.");

    private static async Task<IResult> Show(HttpContext context, ProviderCaller caller, UserInfoRules rules)
    {
        if ((await BearerToken.Read(context.Request)).Failed(out var token, out var unreadable))
        {
            return Refuse(context, caller, scheme: null, unreadable);
        }

        if (token.Text.Length == 0)
        {
            context.Response.Headers.WWWAuthenticate = TokenChallenge.Create(caller.Issuer, scheme: null, error: null);
            return OAuthResults.Json(_ => { }, StatusCodes.Status401Unauthorized);
        }

        return (await rules.Find(context.Request, caller, token)).Failed(out var claims, out var refused)
            ? Refuse(context, caller, token.Scheme, refused)
            : OAuthResults.Json(json =>
            {
                foreach (var (name, value) in claims)
                {
                    if (value is not null)
                    {
                        json.WritePropertyName(name);
                        value.WriteTo(json);
                    }
                }
            });
    }

    private static IResult Refuse(HttpContext context, ProviderCaller caller, string? scheme, Error error)
    {
        context.Response.Headers.WWWAuthenticate = TokenChallenge.Create(caller.Issuer, scheme, error);
        return OAuthResults.From(error);
    }
}
