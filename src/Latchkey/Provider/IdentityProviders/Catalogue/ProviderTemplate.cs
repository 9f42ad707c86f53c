namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>
/// What is known of a provider: how it is asked, what its answers mean, and what a developer must enter. Addresses contain the values of
/// fields in braces, such as <c>https://{domain}/</c>; <see cref="ProviderAddresses"/> fills them in.
/// </summary>
public sealed record ProviderTemplate
{
    /// <summary>Its name in addresses and in the API, such as <c>google</c>.</summary>
    public required string Key { get; init; }

    /// <summary>As people see it.</summary>
    public required string Name { get; init; }

    public required ProviderProtocol Protocol { get; init; }

    /// <summary>The issuer, whose discovery document has all endpoints and keys; empty for a provider without one.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>
    /// For a provider with one discovery document for many tenants: the issuer that such a document has, with <c>{tenantid}</c> where ID
    /// tokens have their tenant. Empty where all have <see cref="Issuer"/>.
    /// </summary>
    public string IssuerOfTokens { get; init; } = "";

    /// <summary>Further issuers that its ID tokens may have.</summary>
    public IReadOnlyList<string> OtherIssuers { get; init; } = [];

    /// <summary>Its public keys, where discovery is not used.</summary>
    public string JwksUri { get; init; } = "";

    /// <summary>Empty where discovery says it.</summary>
    public string AuthorizationEndpoint { get; init; } = "";

    /// <summary>Empty where discovery says it.</summary>
    public string TokenEndpoint { get; init; } = "";

    /// <summary>Empty where discovery says it, or where all claims are in the ID token.</summary>
    public string UserInfoEndpoint { get; init; } = "";

    /// <summary>Whether UserInfo is asked. Always so without an ID token.</summary>
    public bool AsksUserInfo { get; init; }

    /// <summary>UserInfo is asked by POST and not by GET.</summary>
    public bool UserInfoIsPosted { get; init; }

    /// <summary>Headers that UserInfo and <see cref="Emails"/> need besides Authorization.</summary>
    public IReadOnlyDictionary<string, string> UserInfoHeaders { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public EmailListShape? Emails { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>What stands between scopes: a blank by RFC 6749 §3.3, a comma at some.</summary>
    public string ScopeSeparator { get; init; } = " ";

    /// <summary>The parameter with the client id: <c>client_id</c> by RFC 6749, <c>client_key</c> at some.</summary>
    public string ClientIdParameter { get; init; } = "client_id";

    public SecretPlacement SecretPlacement { get; init; } = SecretPlacement.Post;

    /// <summary>Whether a PKCE challenge (RFC 7636, S256) is sent.</summary>
    public bool SendsPkce { get; init; } = true;

    /// <summary>Whether a nonce is sent and must be in the ID token. Only with an ID token.</summary>
    public bool SendsNonce { get; init; } = true;

    /// <summary>The values of <c>prompt</c> that the provider takes; others would end the sign-in there.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = ["login", "select_account"];

    /// <summary><c>form_post</c> where the provider answers by POST only; empty for an answer in the address.</summary>
    public string ResponseMode { get; init; } = "";

    /// <summary>Further parameters of the authorization request.</summary>
    public IReadOnlyDictionary<string, string> AuthorizeParameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where the ID token and its claims, or UserInfo's members, have the profile.</summary>
    public ProfilePaths Paths { get; init; } = new();

    public EmailTrust EmailTrust { get; init; } = EmailTrust.Never;

    /// <summary>The developer runs the provider, or chooses who does, and so may choose another <see cref="EmailTrust"/>.</summary>
    public bool LetsChooseTrust { get; init; }

    /// <summary>Why addresses are trusted as they are: a sentence for developers.</summary>
    public required string EmailNote { get; init; }

    /// <summary>What the developer enters: at most three values, and optional ones.</summary>
    public required IReadOnlyList<ProviderField> Fields { get; init; }

    /// <summary>Where the developer registers the application.</summary>
    public required string Console { get; init; }

    /// <summary>What to do there, step by step; <c>{callback}</c> stands for the address that the provider answers to.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>The pages of the provider's public documentation that say all this.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The secret is a private key, and each token request has a JWT made with it (<see cref="AppleClientSecret"/>).</summary>
    public bool SignsClientSecret => Fields.Any(one => one.Name == ProviderField.PrivateKey);
}
