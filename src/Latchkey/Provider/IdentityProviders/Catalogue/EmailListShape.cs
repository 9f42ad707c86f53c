namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>A further endpoint that lists the addresses of a user, and the shape of its answer.</summary>
/// <param name="Endpoint">Asked with the access token.</param>
/// <param name="Items">The path of the list in the answer; empty when the answer is the list.</param>
/// <param name="Email">The member with the address.</param>
/// <param name="Primary">The member that is true for the address that the user prefers.</param>
/// <param name="Verified">The member that is true for a verified address.</param>
public sealed record EmailListShape(string Endpoint, string Items, string Email, string Primary, string Verified);
