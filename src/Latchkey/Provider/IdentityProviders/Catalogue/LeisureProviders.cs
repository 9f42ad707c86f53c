using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers of talk, sport and video.</summary>
internal static class LeisureProviders
{
    public static ProviderTemplate Reddit { get; } =
        new()
        {
            Key = "reddit",
            Name = "Reddit",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.reddit.com/api/v1/authorize",
            TokenEndpoint = "https://www.reddit.com/api/v1/access_token",
            UserInfoEndpoint = "https://oauth.reddit.com/api/v1/me?raw_json=1",
            AsksUserInfo = true,
            Scopes = ["identity"],
            SecretPlacement = SecretPlacement.Basic,
            SendsPkce = false,
            SendsNonce = false,
            AuthorizeParameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["duration"] = "temporary" },
            Paths = new()
            {
                Subject = ["id"],
                Email = [],
                EmailVerified = [],
                Name = ["name"],
                GivenName = [],
                FamilyName = [],
                Picture = ["snoovatar_img", "icon_img"],
                Locale = [],
            },
            EmailNote = "Reddit gives no address.",
            Fields =
            [
                ClientId("p-jcoLKBynTLew", "On the page of the app, below its name."),
                ClientSecret("On the page of the app.", "Secret"),
            ],
            Console = "https://www.reddit.com/prefs/apps",
            Steps =
            [
                "Create an app of the type web app.",
                "Enter {callback} as redirect uri.",
                "Copy the id below the name of the app, and the secret.",
            ],
            Sources = ["https://github.com/reddit-archive/reddit/wiki/OAuth2", "https://www.reddit.com/dev/api/#GET_api_v1_me"],
        };

    public static ProviderTemplate Strava { get; } =
        new()
        {
            Key = "strava",
            Name = "Strava",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.strava.com/oauth/authorize",
            TokenEndpoint = "https://www.strava.com/oauth/token",
            UserInfoEndpoint = "https://www.strava.com/api/v3/athlete",
            AsksUserInfo = true,
            Scopes = ["read"],
            ScopeSeparator = ",",
            SendsPkce = false,
            SendsNonce = false,
            AuthorizeParameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["approval_prompt"] = "auto" },
            Paths = new()
            {
                Subject = ["id"],
                Email = [],
                EmailVerified = [],
                Name = [],
                GivenName = ["firstname"],
                FamilyName = ["lastname"],
                Picture = ["profile"],
                Locale = [],
            },
            EmailNote = "Strava gives no address.",
            Fields =
            [
                ClientId("12345", "On the page of your API application."),
                ClientSecret("On the page of your API application, after Show."),
            ],
            Console = "https://www.strava.com/settings/api",
            Steps =
            [
                "Create your API application.",
                "Enter the host of {callback} as Authorization Callback Domain.",
                "Copy the client ID and the client secret.",
            ],
            Sources =
            [
                "https://developers.strava.com/docs/authentication/",
                "https://developers.strava.com/docs/reference/#api-Athletes-getLoggedInAthlete",
            ],
        };

    public static ProviderTemplate TikTok { get; } =
        new()
        {
            Key = "tiktok",
            Name = "TikTok",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.tiktok.com/v2/auth/authorize/",
            TokenEndpoint = "https://open.tiktokapis.com/v2/oauth/token/",
            UserInfoEndpoint = "https://open.tiktokapis.com/v2/user/info/?fields=open_id,union_id,avatar_url,display_name",
            AsksUserInfo = true,
            Scopes = ["user.info.basic"],
            ScopeSeparator = ",",
            ClientIdParameter = "client_key",
            SendsPkce = false,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["data.user.open_id"],
                Email = [],
                EmailVerified = [],
                Name = ["data.user.display_name"],
                GivenName = [],
                FamilyName = [],
                Picture = ["data.user.avatar_url"],
                Locale = [],
            },
            EmailNote = "TikTok gives no address.",
            Fields =
            [
                ClientId("awxyz1234567890abc", "Below Credentials of the app.", "Client key"),
                ClientSecret("Below Credentials of the app."),
            ],
            Console = "https://developers.tiktok.com/apps/",
            Steps =
            [
                "Create an app and add the product Login Kit.",
                "Enter {callback} as redirect URI for the web.",
                "Add the scope user.info.basic.",
                "Copy the client key and the client secret.",
            ],
            Sources =
            [
                "https://developers.tiktok.com/doc/login-kit-web/",
                "https://developers.tiktok.com/doc/oauth-user-access-token-management",
                "https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info/",
            ],
        };
}
