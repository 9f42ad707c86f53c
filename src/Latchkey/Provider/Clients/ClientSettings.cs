using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>What is set of a client. Stored as one JSON object; a member that is missing has its default.</summary>
public sealed record ClientSettings
{
    [JsonConverter(typeof(EnumNameConverter<ClientAuthenticationMethod>))]
    public ClientAuthenticationMethod Authentication { get; init; } = ClientAuthenticationMethod.None;

    /// <summary>Where codes may be sent. Compared as texts; only the port of a loopback address is free.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Where a browser may go after logout.</summary>
    public IReadOnlyList<string> PostLogoutUris { get; init; } = [];

    /// <summary>The grant types, as in <c>grant_types_supported</c>.</summary>
    public IReadOnlyList<string> GrantTypes { get; init; } = [];

    /// <summary>The scopes that it can get.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The resource indicators that its access tokens can be for.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>True: the developer's own, so users are not asked for consent.</summary>
    public bool FirstParty { get; init; }

    /// <summary>Whether a confidential client must use PKCE. A public one always must.</summary>
    public bool PkceRequired { get; init; } = true;

    /// <summary>Whether authorization requests must be pushed (RFC 9126).</summary>
    public bool PushedRequestsRequired { get; init; }

    /// <summary>Whether its access tokens must be bound to a key (RFC 9449).</summary>
    public bool DpopRequired { get; init; }

    /// <summary>Whether a DPoP proof must have a nonce of this server.</summary>
    public bool DpopNonceRequired { get; init; }

    /// <summary>Access tokens that only this server can read, in the place of JWTs.</summary>
    public bool OpaqueTokens { get; init; }

    /// <summary>
    /// Whether ID tokens hold the claims of the granted scopes too, for clients that do not ask UserInfo, such as Auth.js.
    /// </summary>
    public bool ClaimsInIdToken { get; init; }

    /// <summary>Its public keys as a JWK Set, for private_key_jwt; empty when they are at <see cref="JwksUri"/>.</summary>
    public string Jwks { get; init; } = "";

    /// <summary>Where its public keys are; empty for none.</summary>
    public string JwksUri { get; init; } = "";

    /// <summary>Accept assertions for the token endpoint too, as old clients write them, and not only for the issuer.</summary>
    public bool EndpointAudienceAccepted { get; init; }

    /// <summary>Where it is told that a session is over (OpenID Connect Back-Channel Logout); empty for nowhere.</summary>
    public string LogoutUri { get; init; } = "";

    /// <summary>The audiences to which it may exchange tokens of users (RFC 8693): resource indicators.</summary>
    public IReadOnlyList<string> ExchangeAudiences { get; init; } = [];

    /// <summary>Its logo for the pages, an https address; empty for none.</summary>
    public string LogoUri { get; init; } = "";

    /// <summary>Its terms and its privacy policy for the pages, https addresses; empty for none.</summary>
    public string TermsUri { get; init; } = "";

    public string PolicyUri { get; init; } = "";
}
