using System.Text;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Sessions;

/// <summary>
/// Who is signed in to an application in a browser: a cookie that holds the sealed id of an ordinary session. Only the provider's own
/// pages and endpoints get it.
/// </summary>
public sealed class BrowserSessions(
    InstallationSettings installation,
    KeyRing ring,
    Database database,
    SessionStore sessions,
    SessionUses uses,
    TimeProvider clock
)
{
    private const string Name = "latchkey-session";

    /// <summary>The live session of the request and its active user; null when nobody is signed in.</summary>
    public async Task<SessionUser?> Find(HttpContext context, Application application)
    {
        if (
            context.Request.Cookies[NameOf(context)] is not { } text
            || ring.TryOpen(Purpose(application), text) is not { } id
            || await database.Read(db => sessions.Find(db, application.Id, Encoding.UTF8.GetString(id))) is not { } found
            || found.User.IsSuspended
            || found.Session.EndAt(clock.Now()) is not null
        )
        {
            return null;
        }

        uses.Note(found.Session);
        return found;
    }

    /// <summary>Remembers the session in the browser, in the place of the one before.</summary>
    public void SignIn(HttpContext context, Application application, Session session) =>
        context.Response.Cookies.Append(
            NameOf(context),
            ring.Encrypt(Purpose(application), session.Id),
            Options(context, application, DateTimeOffset.FromUnixTimeMilliseconds(session.ExpiresAt))
        );

    /// <summary>Removes the cookie. The session itself is not ended.</summary>
    public void Forget(HttpContext context, Application application) =>
        context.Response.Cookies.Delete(NameOf(context), Options(context, application, expires: null));

    private static string Purpose(Application application) => $"browser-session/{application.Id}";

    private bool IsSecure(HttpContext context) =>
        context.Request.IsHttps || installation.PublicUrl.StartsWith("https:", StringComparison.Ordinal);

    private string NameOf(HttpContext context) => IsSecure(context) ? $"__Secure-{Name}" : Name;

    /// <summary>The cookie goes to the pages of this application only, and to no script.</summary>
    private CookieOptions Options(HttpContext context, Application application, DateTimeOffset? expires) =>
        new()
        {
            Path = $"{context.Request.PathBase}/apps/{application.Id}",
            HttpOnly = true,
            Secure = IsSecure(context),
            SameSite = SameSiteMode.Lax,
            Expires = expires,
        };
}
