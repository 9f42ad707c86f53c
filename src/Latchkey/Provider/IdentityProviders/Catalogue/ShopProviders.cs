using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers of shops, payment and mail.</summary>
internal static class ShopProviders
{
    public static ProviderTemplate Amazon { get; } =
        new()
        {
            Key = "amazon",
            Name = "Amazon",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.amazon.com/ap/oa",
            TokenEndpoint = "https://api.amazon.com/auth/o2/token",
            UserInfoEndpoint = "https://api.amazon.com/user/profile",
            AsksUserInfo = true,
            Scopes = ["profile"],
            SendsPkce = false,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["user_id"],
                Email = ["email"],
                EmailVerified = [],
                Name = ["name"],
                GivenName = [],
                FamilyName = [],
                Picture = [],
                Locale = [],
            },
            EmailNote = "Amazon does not say whether an address is verified.",
            Fields =
            [
                ClientId("amzn1.application-oa2-client.1a2b3c", "Below Web Settings of the security profile."),
                ClientSecret("Below Web Settings, after Show Secret."),
            ],
            Console = "https://developer.amazon.com/loginwithamazon/console/site/lwa/overview.html",
            Steps =
            [
                "Create a security profile for Login with Amazon.",
                "Below Web Settings, enter {callback} as allowed return URL.",
                "Copy the client ID and the client secret.",
            ],
            Sources =
            [
                "https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html",
                "https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html",
            ],
        };

    public static ProviderTemplate PayPal { get; } =
        new()
        {
            Key = "paypal",
            Name = "PayPal",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.paypal.com/connect",
            TokenEndpoint = "https://api-m.paypal.com/v1/oauth2/token",
            UserInfoEndpoint = "https://api-m.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1",
            AsksUserInfo = true,
            Scopes = ["openid", "profile", "email"],
            SecretPlacement = SecretPlacement.Basic,
            SendsPkce = false,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["user_id"], // payer_id needs a scope of its own
                Email = ["emails.0.value"],
                EmailVerified = [],
                Name = ["name"],
                GivenName = ["given_name"],
                FamilyName = ["family_name"],
                Picture = [],
                Locale = [],
            },
            EmailNote = "An account of PayPal can have several addresses, and which of them is whose is not certain enough to rely on.",
            Fields =
            [
                ClientId("AVuK3qTz9mWc0x", "Below Apps & Credentials, on the page of the app."),
                ClientSecret("Below Apps & Credentials, on the page of the app.", "Secret key"),
            ],
            Console = "https://developer.paypal.com/dashboard/applications/live",
            Steps =
            [
                "Create an app below Live.",
                "Turn on Log in with PayPal, enter {callback} as return URL, and choose name and e-mail below advanced settings.",
                "Copy the client ID and the secret key.",
            ],
            Sources =
            [
                "https://developer.paypal.com/docs/log-in-with-paypal/integrate/",
                "https://developer.paypal.com/docs/api/identity/v1/#userinfo_get",
            ],
        };

    public static ProviderTemplate Yahoo { get; } =
        new()
        {
            Key = "yahoo",
            Name = "Yahoo",
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://api.login.yahoo.com",
            AsksUserInfo = true,
            Scopes = ["openid", "email", "profile"],
            SecretPlacement = SecretPlacement.Basic,
            SendsPkce = false,
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Yahoo says of each address whether it is verified.",
            Fields =
            [
                ClientId("dj0yJmk9ZXhhbXBsZSZzPWNvbnN1bWVyc2VjcmV0", "On the page of the app.", "Client ID (Consumer Key)"),
                ClientSecret("On the page of the app.", "Client Secret (Consumer Secret)"),
            ],
            Console = "https://developer.yahoo.com/apps/",
            Steps =
            [
                "Create an app of the type Confidential Client.",
                "Enter {callback} as redirect URI, and choose the OpenID Connect permissions Email and Profile.",
                "Copy the client ID and the client secret.",
            ],
            Sources =
            [
                "https://developer.yahoo.com/sign-in-with-yahoo/",
                "https://developer.yahoo.com/oauth2/guide/openid_connect/getting_started.html",
            ],
        };
}
