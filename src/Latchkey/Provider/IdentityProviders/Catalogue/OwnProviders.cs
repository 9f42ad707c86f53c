using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Services whose tenants are the developers themselves.</summary>
internal static class OwnProviders
{
    public static ProviderTemplate Auth0 { get; } =
        OwnTenant with
        {
            Key = "auth0",
            Name = "Auth0",
            Issuer = "https://{domain}/",
            EmailNote = "Auth0 says of each address whether it is verified. How it verified it is a matter of your own tenant.",
            Fields =
            [
                new(ProviderField.Domain, "Domain", "Below Basic Information of the application.", "example.eu.auth0.com")
                {
                    Kind = ProviderFieldKind.Host,
                },
                ClientId("AaiyAPdpYdesoKnqjj8HJqRn4T5titww", "Below Basic Information of the application."),
                ClientSecret("Below Basic Information of the application."),
            ],
            Console = "https://manage.auth0.com/",
            Steps =
            [
                "Create an application of the type Regular Web Application.",
                "Enter {callback} below Allowed Callback URLs.",
                "Copy the domain, the client ID and the client secret.",
            ],
            Sources =
            [
                "https://auth0.com/docs/get-started/applications/application-settings",
                "https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure",
            ],
        };

    public static ProviderTemplate Okta { get; } =
        OwnTenant with
        {
            Key = "okta",
            Name = "Okta",
            Issuer = "https://{domain}",
            EmailNote = "Okta says of each address whether it is verified. How it verified it is a matter of your own organisation.",
            Fields =
            [
                new(ProviderField.Domain, "Okta domain", "In the menu of your account, at the top right.", "example.okta.com")
                {
                    Kind = ProviderFieldKind.Host,
                },
                ClientId("0oabucvyc38HLL1ef0h7", "Below General of the app integration."),
                ClientSecret("Below General of the app integration."),
            ],
            Console = "https://developer.okta.com/login/",
            Steps =
            [
                "Create an app integration: OIDC, Web Application.",
                "Enter {callback} as sign-in redirect URI, and assign people.",
                "Copy the Okta domain, the client ID and the client secret.",
            ],
            Sources = ["https://developer.okta.com/docs/reference/api/oidc/"],
        };
}
