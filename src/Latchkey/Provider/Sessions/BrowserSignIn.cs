using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Sessions;

/// <summary>
/// Gives a browser a new session. The one before ends, because nobody could sign it out any more: a sign-out must end everything that the
/// browser was signed in to.
/// </summary>
public sealed class BrowserSignIn(
    BrowserSessions browser,
    Database database,
    SessionStore sessions,
    SessionGrantStore grants,
    UserStore users,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <param name="context">The request of the browser.</param>
    /// <param name="caller">The application.</param>
    /// <param name="session">Just opened, and stored.</param>
    public async Task Enter(HttpContext context, ProviderCaller caller, Session session)
    {
        if (browser.ReadId(context, caller.Application) is { } before && before != session.Id)
        {
            await Replace(caller, before, session);
        }

        browser.SignIn(context, caller.Application, session);
    }

    private Task Replace(ProviderCaller caller, string before, Session session) =>
        database.Write(async db =>
        {
            var (appId, now) = (caller.Application.Id, clock.Now());
            if (await sessions.Find(db, appId, before) is not { User: var user } found || found.Session.EndAt(now) is not null)
            {
                return;
            }

            await users.FindForUpdate(db, database.Dialect, appId, user.Id);
            var isSameUser = user.Id == session.UserId;
            if (isSameUser && await sessions.IsLive(db, appId, session.Id, now))
            {
                // The clients of the user go on; then nothing hangs on the old session, and nobody is told of its end.
                await grants.Move(db, appId, before, session.Id);
            }

            var end = new SessionEnd(SessionEndReason.SignedOut, caller.Client.Address, now);
            if (await sessions.EndOne(db, appId, before, end) && !isSameUser)
            {
                var entry = new AuditEntry(appId, "logout", user.Handle, caller.Client.Address);
                await audit.Add(db, entry with { Detail = "another user signed in in this browser" });
            }
        });
}
