using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Authorization;

/// <summary>The client gets a code for this user.</summary>
public sealed record CodeDecision(SessionUser User) : AuthorizationDecision;
