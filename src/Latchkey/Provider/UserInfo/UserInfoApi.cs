using Latchkey.Core;

namespace Latchkey.Provider.UserInfo;

/// <summary>The UserInfo endpoint (OpenID Connect Core §5.3).</summary>
public static class UserInfoApi
{
    public static void MapUserInfo(this RouteGroupBuilder oauth) =>
        oauth
            .MapMethods("userinfo", [HttpMethods.Get, HttpMethods.Post], Show)
            .WithSummary("Get the claims of the user of an access token.");

    private static async Task<IResult> Show(HttpContext context, ProviderCaller caller, UserInfoRules rules)
    {
        if ((await BearerToken.Read(context.Request)).Failed(out var token, out var unreadable))
        {
            return Refuse(context, caller, unreadable);
        }

        if (token.Text.Length == 0)
        {
            context.Response.Headers.WWWAuthenticate = Challenge(caller, error: null);
            return OAuthResults.Json(_ => { }, StatusCodes.Status401Unauthorized);
        }

        return (await rules.Find(caller, token)).Failed(out var claims, out var refused)
            ? Refuse(context, caller, refused)
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

    private static IResult Refuse(HttpContext context, ProviderCaller caller, Error error)
    {
        context.Response.Headers.WWWAuthenticate = Challenge(caller, error);
        return OAuthResults.From(error);
    }

    /// <summary>RFC 6750 §3. Without a token, no error is named.</summary>
    private static string Challenge(ProviderCaller caller, Error? error) =>
        error is null
            ? $"Bearer realm=\"{caller.Issuer}\""
            : $"Bearer realm=\"{caller.Issuer}\", error=\"{error.OAuthCode}\", error_description=\"{OAuthResults.Describe(error)}\""
                + (error.Code == OAuthErrors.InsufficientScope.Code ? $", scope=\"{Tokens.UserScopes.OpenId}\"" : "");
}
