namespace Latchkey.Users.Sessions;

/// <summary>A user and the session of the request.</summary>
public sealed record SessionUser(User User, Session Session);
