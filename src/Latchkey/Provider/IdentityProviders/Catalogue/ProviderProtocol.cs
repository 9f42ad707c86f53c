namespace Latchkey.Provider.IdentityProviders.Catalogue;

public enum ProviderProtocol
{
    /// <summary>OpenID Connect: who signed in is in a signed ID token.</summary>
    Oidc,

    /// <summary>OAuth 2.0 alone: who signed in is asked at an endpoint of the provider, by its access token.</summary>
    OAuth2,
}
