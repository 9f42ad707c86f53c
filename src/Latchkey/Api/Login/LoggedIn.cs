using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Login;

/// <summary>The user is signed in. The tokens are for whoever needs them: signing costs.</summary>
public sealed record LoggedIn(User User, Session Session) : LoginResult
{
    /// <summary>The user signed up just now.</summary>
    public bool IsNew { get; init; }
}
