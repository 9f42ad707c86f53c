namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>What several providers of the catalogue have in common.</summary>
internal static class CommonFields
{
    /// <summary>A provider whose tenant is the developer's own: OpenID Connect, and a say in when addresses count as verified.</summary>
    public static ProviderTemplate OwnTenant { get; } =
        new()
        {
            Key = "",
            Name = "",
            Protocol = ProviderProtocol.Oidc,
            AsksUserInfo = true,
            Scopes = ["openid", "email", "profile"],
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            LetsChooseTrust = true,
            EmailNote = "",
            Fields = [],
            Console = "",
            Steps = [],
            Sources = [],
        };

    public static ProviderField ClientId(string example, string where, string label = "Client ID") =>
        new(ProviderField.ClientId, label, where, example);

    public static ProviderField ClientSecret(string where, string label = "Client secret") =>
        new(ProviderField.ClientSecret, label, where, "");
}
