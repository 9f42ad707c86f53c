using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Servers that anybody can run, and any other provider with a discovery document.</summary>
internal static class OpenProviders
{
    public static ProviderTemplate Keycloak { get; } =
        OwnTenant with
        {
            Key = "keycloak",
            Name = "Keycloak",
            Issuer = "{issuer}",
            EmailNote = "Keycloak says of each address whether it is verified. How it verified it is a matter of your own realm.",
            Fields =
            [
                new(
                    ProviderField.Issuer,
                    "Issuer",
                    "Realm settings, Endpoints: the address of the server with /realms/ and the name of the realm.",
                    "https://login.example.com/realms/main"
                )
                {
                    Kind = ProviderFieldKind.Address,
                },
                ClientId("latchkey", "Of the client in the realm."),
                ClientSecret("On the tab Credentials of the client."),
            ],
            Console = "",
            Steps =
            [
                "In the realm, create a client of the type OpenID Connect with client authentication.",
                "Enter {callback} below Valid redirect URIs.",
                "Copy the client secret from the tab Credentials.",
            ],
            Sources = ["https://www.keycloak.org/docs/latest/server_admin/#assembly-managing-clients_server_administration_guide"],
        };

    public static ProviderTemplate Zitadel { get; } =
        OwnTenant with
        {
            Key = "zitadel",
            Name = "ZITADEL",
            Issuer = "https://{domain}",
            EmailNote = "ZITADEL says of each address whether it is verified. How it verified it is a matter of your own instance.",
            Fields =
            [
                new(ProviderField.Domain, "Domain", "The host of your instance.", "example-abc123.eu1.zitadel.cloud")
                {
                    Kind = ProviderFieldKind.Host,
                },
                ClientId("163840776835432705", "On the page of the application."),
                ClientSecret("Shown once, when the application is created."),
            ],
            Console = "https://zitadel.com/admin/dashboard",
            Steps =
            [
                "In a project, create an application of the type Web with the method CODE.",
                "Enter {callback} as redirect URI.",
                "Copy the client ID and the client secret.",
            ],
            Sources = ["https://zitadel.com/docs/apis/openidoauth/endpoints", "https://zitadel.com/docs/apis/openidoauth/claims"],
        };

    public static ProviderTemplate Oidc { get; } =
        OwnTenant with
        {
            Key = "oidc",
            Name = "OpenID Connect",
            Issuer = "{issuer}",
            EmailTrust = EmailTrust.Never,
            EmailNote = "Whether to believe what this provider says of addresses is your decision.",
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
