using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Servers that developers run themselves or rent, and any other provider with a discovery document.</summary>
internal static class OwnProviders
{
    public static ProviderTemplate Oidc { get; } =
        new()
        {
            Key = "oidc",
            Name = "OpenID Connect",
            Protocol = ProviderProtocol.Oidc,
            Issuer = "{issuer}",
            AsksUserInfo = true,
            Scopes = ["openid", "email", "profile"],
            LetsChooseTrust = true,
            EmailNote = "It is your decision whether to believe what this provider says of addresses.",
            Fields =
            [
                new(ProviderField.Issuer, "Issuer", "The address before /.well-known/openid-configuration.", "https://login.example.com")
                {
                    Kind = ProviderFieldKind.Address,
                },
                ClientId("latchkey", "Of the client that you register at the provider."),
                ClientSecret("Of the same client."),
            ],
            Console = "",
            Steps =
            [
                "Register a client for websites (authorization code flow) at the provider.",
                "Enter {callback} as its redirect URI, exactly.",
                "Copy the issuer, the client ID and the client secret.",
            ],
            Sources =
            [
                "https://openid.net/specs/openid-connect-core-1_0.html",
                "https://openid.net/specs/openid-connect-discovery-1_0.html",
            ],
        };
}
