using Latchkey.Accounts;

namespace Latchkey.Portal;

public static class SignOut
{
    public const string Path = $"{PortalServices.Path}/sign-out";

    public static async Task<IResult> Post(HttpContext context, PortalCookie cookie, PortalSessions sessions)
    {
        if (cookie.Read(context.Request, PortalCookie.Session) is { } token)
        {
            await sessions.SignOut(token);
        }

        cookie.Clear(context, PortalCookie.Session);
        return TypedResults.LocalRedirect($"~{PortalAuthentication.SignInPath}?signedOut=1");
    }
}
