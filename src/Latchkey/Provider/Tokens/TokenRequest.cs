using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Tokens;

/// <summary>A request to the token endpoint whose client has proved itself.</summary>
/// <param name="Caller">The application, and where the request comes from.</param>
/// <param name="Client">The client; one without a secret has only named itself.</param>
/// <param name="Parameters">The form.</param>
/// <param name="DpopKey">The thumbprint of the key of the valid DPoP proof that came with it; null for none.</param>
public sealed record TokenRequest(ProviderCaller Caller, Client Client, OAuthParameters Parameters, string? DpopKey)
{
    /// <summary>What was read with the client; null for nothing, which the grant then reads itself.</summary>
    public NamedGrant? Named { get; init; }
}
