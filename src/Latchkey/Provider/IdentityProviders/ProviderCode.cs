namespace Latchkey.Provider.IdentityProviders;

/// <summary>What came back with the browser.</summary>
/// <param name="Value">The authorization code.</param>
/// <param name="FirstUser">The form field <c>user</c> of Apple, at the first sign-in only.</param>
public sealed record ProviderCode(string Value, string? FirstUser);
