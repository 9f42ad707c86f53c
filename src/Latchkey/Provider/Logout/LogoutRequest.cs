using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;

namespace Latchkey.Provider.Logout;

/// <summary>A request to sign out that a client sends a browser with (OpenID Connect RP-Initiated Logout §2), already checked.</summary>
/// <param name="Client">The client that the hint or client_id names; null for none.</param>
/// <param name="Hint">The ID token that the client got; null for none.</param>
/// <param name="RedirectUri">Where the browser goes afterwards, one of the client's; null for the page of this server.</param>
/// <param name="State">What goes back with it; null for none.</param>
public sealed record LogoutRequest(Client? Client, IdTokenHint? Hint, string? RedirectUri, string? State);
