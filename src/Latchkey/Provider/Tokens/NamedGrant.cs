using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// What the code or the refresh token of a request names in the database. It is read together with the client, in one round trip, and
/// counts for nothing until the client has proved itself.
/// </summary>
/// <param name="OfCode">The session of a code, and its user.</param>
/// <param name="OfRefreshToken">The grant of a refresh token, its session and its user.</param>
public sealed record NamedGrant(SessionUser? OfCode, GrantedSession? OfRefreshToken);
