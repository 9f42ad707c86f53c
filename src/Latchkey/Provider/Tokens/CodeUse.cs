using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>The first use of a code, with nothing stored yet.</summary>
/// <param name="Client">Whose code it is.</param>
/// <param name="Code">What the user granted.</param>
/// <param name="Browser">The user, and the session in the browser.</param>
/// <param name="Session">The grant's session: that of the browser, or a new one beside it.</param>
/// <param name="Grant">What the code leads to.</param>
public sealed record CodeUse(Client Client, AuthorizationCode Code, SessionUser Browser, Session Session, SessionGrant Grant)
{
    public bool IsBeside => Session.Id != Browser.Session.Id;
}
