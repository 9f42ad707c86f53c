using System.Text;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Sessions;

/// <summary>
/// Who is signed in to an application in a browser: a cookie that holds the sealed id of an ordinary session. Only the provider's own
/// pages and endpoints get it.
/// </summary>
public sealed class BrowserSessions(
    ProviderCookies cookies,
    KeyRing ring,
    Database database,
    SessionStore sessions,
    SessionUses uses,
    TimeProvider clock
)
{
    private const string Name = "latchkey-session";

    /// <summary>The live session of the request and its active user; null when nobody is signed in.</summary>
    public async Task<SessionUser?> Find(HttpContext context, Application application) =>
        ReadId(context, application) is { } id ? Accept(await database.Read(db => sessions.Find(db, application.Id, id))) : null;

    /// <summary>The id of the session that the browser remembers, whatever became of it; null for none.</summary>
    public string? ReadId(HttpContext context, Application application) =>
        cookies.Read(context, Name) is { } text && ring.TryOpen(Purpose(application), text) is { } id ? Encoding.UTF8.GetString(id) : null;

    /// <summary>The session as it was found, and its use is noted; null when it is over or its user is suspended.</summary>
    public SessionUser? Accept(SessionUser? found)
    {
        if (found is null || found.User.IsSuspended || found.Session.EndAt(clock.Now()) is not null)
        {
            return null;
        }

        uses.Note(found.Session);
        return found;
    }

    /// <summary>Remembers the session in the browser. What becomes of the one before, see <see cref="BrowserSignIn"/>.</summary>
    public void SignIn(HttpContext context, Application application, Session session) =>
        cookies.Write(
            context,
            application,
            Name,
            ring.Encrypt(Purpose(application), session.Id),
            DateTimeOffset.FromUnixTimeMilliseconds(session.ExpiresAt)
        );

    /// <summary>Removes the cookie. The session itself is not ended.</summary>
    public void Forget(HttpContext context, Application application) => cookies.Delete(context, application, Name);

    private static string Purpose(Application application) => $"browser-session/{application.Id}";
}
