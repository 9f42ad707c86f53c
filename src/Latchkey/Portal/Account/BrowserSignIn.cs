using Latchkey.Accounts;

namespace Latchkey.Portal.Account;

/// <summary>
/// Signs a browser in. Its previous session ends, so that an old cookie becomes useless.
/// </summary>
public sealed class BrowserSignIn(PortalSessions sessions, PortalCookie cookie)
{
    public async Task SignIn(HttpContext context, string token)
    {
        if (cookie.Read(context.Request, PortalCookie.Session) is { } old)
        {
            await sessions.SignOut(old);
        }

        cookie.Clear(context, PortalCookie.Login);
        cookie.Write(context, PortalCookie.Session, token);
    }
}
