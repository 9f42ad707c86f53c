using Latchkey.Developers;

namespace Latchkey.Portal;

public static class SignOut
{
    public static async Task<IResult> Post(HttpContext context, PortalCookie cookie, DeveloperAccounts accounts)
    {
        if (cookie.Read(context.Request) is { } token)
        {
            await accounts.SignOut(token);
        }

        cookie.Clear(context);
        return TypedResults.LocalRedirect($"{PortalAuthentication.SignInPath}?signedOut=1");
    }
}
