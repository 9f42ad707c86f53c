using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Authorization;

/// <summary>What is stored about a request.</summary>
/// <param name="Client">Whose it is.</param>
/// <param name="User">The session and its user, live or not; null for none.</param>
/// <param name="Consent">What that user has allowed to the client; null for nothing.</param>
/// <param name="IsUsed">It was pushed, and a code was issued for it.</param>
public sealed record AuthorizationFacts(Client Client, SessionUser? User, Consent? Consent, bool IsUsed);
