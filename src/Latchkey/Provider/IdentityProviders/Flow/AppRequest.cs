namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>The app that opened a browser to sign a user in.</summary>
/// <param name="RedirectUri">Where the browser comes back to: one of the application's.</param>
/// <param name="CodeChallenge">PKCE by S256: only whoever has the verifier can use the code.</param>
/// <param name="State">What comes back with the code; null for nothing.</param>
/// <param name="LoginHint">The address that the app knows; null for none.</param>
public sealed record AppRequest(string RedirectUri, string CodeChallenge, string? State, string? LoginHint);
