using Latchkey.Applications.IdentityProviders;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>A value that a developer gets from the provider's console and enters.</summary>
/// <param name="Name">As the API has it, and as placeholder in addresses; one of the constants below.</param>
/// <param name="Label">As the provider's console calls it.</param>
/// <param name="WhereToFind">A sentence that says where it stands.</param>
/// <param name="Example">A made-up value that shows its form.</param>
public sealed record ProviderField(string Name, string Label, string WhereToFind, string Example)
{
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    public const string Issuer = "issuer";
    public const string Tenant = "tenant";
    public const string Domain = "domain";
    public const string TeamId = "teamId";
    public const string KeyId = IdentityProvider.KeyIdField;
    public const string PrivateKey = "privateKey";

    public const int MaxLength = 500;
    public const int MaxSecretLength = 4_000;

    /// <summary>It is kept encrypted and never shown again.</summary>
    public bool IsSecret => Name is ClientSecret or PrivateKey;

    /// <summary>Without it, <see cref="Default"/> holds.</summary>
    public bool IsOptional { get; init; }

    public string Default { get; init; } = "";

    /// <summary>What kind of text it must be,.</summary>
    public ProviderFieldKind Kind { get; init; } = ProviderFieldKind.Text;
}
