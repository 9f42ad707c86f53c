using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Social networks.</summary>
internal static class NetworkProviders
{
    public static ProviderTemplate Facebook { get; } =
        new()
        {
            Key = "facebook",
            Name = "Facebook",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.facebook.com/dialog/oauth",
            TokenEndpoint = "https://graph.facebook.com/oauth/access_token",
            UserInfoEndpoint = "https://graph.facebook.com/me?fields=id,name,first_name,last_name,email,picture.type(large)",
            AsksUserInfo = true,
            Scopes = ["email", "public_profile"],
            ScopeSeparator = ",",
            SendsPkce = false,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["id"],
                Email = ["email"],
                EmailVerified = [],
                Name = ["name"],
                GivenName = ["first_name"],
                FamilyName = ["last_name"],
                Picture = ["picture.data.url"],
                Locale = [],
            },
            EmailNote = "Facebook does not say whether an address is verified, and gives none for accounts with a phone number only.",
            Fields =
            [
                ClientId("123456789012345", "In App settings, Basic.", "App ID"),
                ClientSecret("In App settings, Basic, after Show.", "App secret"),
            ],
            Console = "https://developers.facebook.com/apps/",
            Steps =
            [
                "Create an app with the use case Authenticate and request data from users with Facebook Login.",
                "In the settings of Facebook Login, enter {callback} below Valid OAuth Redirect URIs.",
                "Ask for the permission email below the use case.",
                "Copy the App ID and the App secret from App settings, Basic.",
            ],
            Sources =
            [
                "https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow",
                "https://developers.facebook.com/docs/graph-api/reference/user/",
            ],
        };

    public static ProviderTemplate X { get; } =
        new()
        {
            Key = "x",
            Name = "X",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://x.com/i/oauth2/authorize",
            TokenEndpoint = "https://api.x.com/2/oauth2/token",
            UserInfoEndpoint = "https://api.x.com/2/users/me?user.fields=profile_image_url,confirmed_email",
            AsksUserInfo = true,
            Scopes = ["users.read", "tweet.read", "users.email"],
            SecretPlacement = SecretPlacement.Basic,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["data.id"],
                Email = ["data.confirmed_email"],
                EmailVerified = [],
                Name = ["data.name", "data.username"],
                GivenName = [],
                FamilyName = [],
                Picture = ["data.profile_image_url"],
                Locale = [],
            },
            EmailTrust = EmailTrust.Always,
            EmailNote = "X gives an address only after the user has confirmed it; many accounts give none.",
            Fields =
            [
                ClientId("WTROSlM0bUhpMl83aU5ad", "Below Keys and tokens, OAuth 2.0."),
                ClientSecret("Below Keys and tokens, OAuth 2.0; shown once."),
            ],
            Console = "https://console.x.com/",
            Steps =
            [
                "Create an app in a project.",
                "Set up User authentication: type Web App, {callback} as callback URI, and turn on Request email from users.",
                "Copy the OAuth 2.0 client ID and client secret.",
            ],
            Sources =
            [
                "https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token",
                "https://docs.x.com/x-api/users/get-my-user",
            ],
        };
}
