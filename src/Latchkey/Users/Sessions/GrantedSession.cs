namespace Latchkey.Users.Sessions;

/// <summary>A grant, its session and the session's user.</summary>
public sealed record GrantedSession(User User, Session Session, SessionGrant Grant);
