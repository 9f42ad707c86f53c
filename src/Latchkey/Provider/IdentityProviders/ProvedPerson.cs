using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Who signed in at a provider.</summary>
/// <param name="IdToken">The token that proves it; null where the provider's endpoints do.</param>
/// <param name="AuthenticatedAt">
/// In unix milliseconds: when the person signed in at the provider (<c>auth_time</c>); null where it does not say.
/// </param>
public sealed record ProvedPerson(ProviderProfile Profile, string? IdToken, long? AuthenticatedAt);
