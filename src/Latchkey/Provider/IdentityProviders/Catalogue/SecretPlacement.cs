namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Where the client's secret stands in a request to the token endpoint (RFC 6749 §2.3.1).</summary>
public enum SecretPlacement
{
    /// <summary>In the body, as <c>client_id</c> and <c>client_secret</c>.</summary>
    Post,

    /// <summary>In the header Authorization.</summary>
    Basic,
}
