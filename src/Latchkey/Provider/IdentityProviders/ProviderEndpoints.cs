namespace Latchkey.Provider.IdentityProviders;

/// <summary>Where a provider is asked.</summary>
/// <param name="Issuer">As its discovery document names it; empty without one.</param>
/// <param name="Authorization">Where browsers are sent.</param>
/// <param name="Token">Where codes are exchanged.</param>
/// <param name="UserInfo">Empty where there is none.</param>
/// <param name="Jwks">Its public keys; empty without ID tokens.</param>
public sealed record ProviderEndpoints(string Issuer, string Authorization, string Token, string UserInfo, string Jwks)
{
    /// <summary>How clients may prove themselves at <see cref="Token"/>; null where that is not said.</summary>
    public IReadOnlyList<string>? SecretMethods { get; init; }

    /// <summary>Its answers name their issuer (RFC 9207 §3).</summary>
    public bool NamesIssuer { get; init; }
}
