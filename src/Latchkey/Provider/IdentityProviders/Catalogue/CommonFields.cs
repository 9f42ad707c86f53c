namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>The fields that most providers have.</summary>
internal static class CommonFields
{
    public static ProviderField ClientId(string example, string where, string label = "Client ID") =>
        new(ProviderField.ClientId, label, where, example);

    public static ProviderField ClientSecret(string where, string label = "Client secret") =>
        new(ProviderField.ClientSecret, label, where, "");
}
