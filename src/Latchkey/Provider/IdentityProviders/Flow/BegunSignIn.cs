namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>A sign-in whose browser is at the provider.</summary>
/// <param name="IdentityScope">The provider's, so that a change of its issuer ends the sign-in.</param>
/// <param name="Callback">The redirect URI, as it was sent.</param>
/// <param name="Nonce">What the ID token must have; null where none was asked for.</param>
/// <param name="Verifier">The PKCE verifier; null where the provider does not know PKCE.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Query">Of the page that it began on, with the authorization request; empty for none.</param>
/// <param name="SessionId">The public id of the session of whoever links or proves who they are; null otherwise.</param>
/// <param name="App">The app that waits; null for none.</param>
/// <param name="FreshSince">
/// In unix milliseconds: an earlier sign-in at the provider does not do; null where any does.
/// </param>
public sealed record BegunSignIn(
    string IdentityScope,
    string Callback,
    string? Nonce,
    string? Verifier,
    SignInPurpose Purpose,
    string Query,
    string? SessionId = null,
    AppRequest? App = null,
    long? FreshSince = null
);
