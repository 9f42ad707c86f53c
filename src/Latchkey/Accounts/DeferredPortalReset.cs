namespace Latchkey.Accounts;

/// <summary>A request for a portal password that was answered.</summary>
/// <param name="Email">The address, normalised.</param>
/// <param name="Client">Where the request came from.</param>
public sealed record DeferredPortalReset(string Email, string Client);
