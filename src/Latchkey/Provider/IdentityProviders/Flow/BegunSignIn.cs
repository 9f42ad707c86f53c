namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>A sign-in whose browser is at the provider.</summary>
/// <param name="ProviderId">The provider's id.</param>
/// <param name="Callback">The redirect URI, as it was sent.</param>
/// <param name="Nonce">What the ID token must have; null where none was asked for.</param>
/// <param name="Verifier">The PKCE verifier; null where the provider does not know PKCE.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Query">Of the page that it began on, with the authorization request; empty for none.</param>
/// <param name="SessionId">The public id of the session of whoever links; null otherwise.</param>
/// <param name="App">The app that waits; null for none.</param>
public sealed record BegunSignIn(
    string ProviderId,
    string Callback,
    string? Nonce,
    string? Verifier,
    SignInPurpose Purpose,
    string Query,
    string? SessionId = null,
    AppRequest? App = null
);
