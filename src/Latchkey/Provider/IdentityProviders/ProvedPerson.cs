using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Who signed in at a provider.</summary>
/// <param name="IdToken">The token that proves it; null where the provider's endpoints do.</param>
public sealed record ProvedPerson(ProviderProfile Profile, string? IdToken);
