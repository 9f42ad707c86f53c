namespace Latchkey.Users.Sessions;

/// <summary>A user together with the session it came by.</summary>
public sealed record SessionUser(User User, Session Session);
