namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>The providers that are known, in the order in which people see them; the last is any other by its issuer.</summary>
public static class ProviderCatalogue
{
    public static IReadOnlyList<ProviderTemplate> All { get; } = [LargeProviders.Google, DeveloperProviders.GitHub, OwnProviders.Oidc];

    /// <summary>Null when none has the key.</summary>
    public static ProviderTemplate? Find(string key) => All.FirstOrDefault(template => template.Key == key);
}
