using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers where teams work together.</summary>
internal static class TeamProviders
{
    public static ProviderTemplate Atlassian { get; } =
        new()
        {
            Key = "atlassian",
            Name = "Atlassian",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://auth.atlassian.com/authorize",
            TokenEndpoint = "https://auth.atlassian.com/oauth/token",
            UserInfoEndpoint = "https://api.atlassian.com/me",
            AsksUserInfo = true,
            Scopes = ["read:me"],
            SendsPkce = false,
            SendsNonce = false,
            AuthorizeParameters = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["audience"] = "api.atlassian.com",
                ["prompt"] = "consent",
            },
            Paths = new()
            {
                Subject = ["account_id"],
                Email = ["email"],
                EmailVerified = [],
                Name = ["name", "nickname"],
                GivenName = [],
                FamilyName = [],
                Picture = ["picture"],
                Locale = ["locale"],
            },
            EmailNote = "Atlassian does not say whether an address is verified.",
            Fields = [ClientId("9kJxV1qWm3nBz7Yt", "Below Settings of the app."), ClientSecret("Below Settings of the app.", "Secret")],
            Console = "https://developer.atlassian.com/console/myapps/",
            Steps =
            [
                "Create an OAuth 2.0 integration.",
                "Below Permissions, add the User identity API.",
                "Below Authorization, enter {callback} as callback URL.",
                "Copy the client ID and the secret from Settings.",
            ],
            Sources =
            [
                "https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/",
                "https://developer.atlassian.com/cloud/confluence/user-identity-api/",
            ],
        };

    public static ProviderTemplate Figma { get; } =
        new()
        {
            Key = "figma",
            Name = "Figma",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.figma.com/oauth",
            TokenEndpoint = "https://api.figma.com/v1/oauth/token",
            UserInfoEndpoint = "https://api.figma.com/v1/me",
            AsksUserInfo = true,
            Scopes = ["current_user:read"],
            SecretPlacement = SecretPlacement.Basic,
            SendsPkce = false,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["id"],
                Email = ["email"],
                EmailVerified = [],
                Name = ["handle"],
                GivenName = [],
                FamilyName = [],
                Picture = ["img_url"],
                Locale = [],
            },
            EmailNote = "Figma does not say whether an address is verified.",
            Fields = [ClientId("k3YwQ8rT5pXz", "On the page of the app."), ClientSecret("On the page of the app; shown once.")],
            Console = "https://www.figma.com/developers/apps",
            Steps =
            [
                "Create an app.",
                "Enter {callback} below redirect URLs, and choose the scope current_user:read.",
                "Copy the client ID and the client secret.",
            ],
            Sources =
            [
                "https://developers.figma.com/docs/rest-api/authentication/",
                "https://developers.figma.com/docs/rest-api/users-endpoints/",
            ],
        };

    public static ProviderTemplate Notion { get; } =
        new()
        {
            Key = "notion",
            Name = "Notion",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://api.notion.com/v1/oauth/authorize",
            TokenEndpoint = "https://api.notion.com/v1/oauth/token",
            UserInfoEndpoint = "https://api.notion.com/v1/users/me",
            AsksUserInfo = true,
            UserInfoHeaders = new Dictionary<string, string>(StringComparer.Ordinal) { ["Notion-Version"] = "2022-06-28" },
            Scopes = [],
            SecretPlacement = SecretPlacement.Basic,
            SendsPkce = false,
            SendsNonce = false,
            AuthorizeParameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["owner"] = "user" },
            Paths = new()
            {
                Subject = ["bot.owner.user.id"],
                Email = ["bot.owner.user.person.email"],
                EmailVerified = [],
                Name = ["bot.owner.user.name"],
                GivenName = [],
                FamilyName = [],
                Picture = ["bot.owner.user.avatar_url"],
                Locale = [],
            },
            EmailNote = "Notion does not say whether an address is verified.",
            Fields =
            [
                ClientId("1f0d872b-594c-80d2-b3a1-003712ab34cd", "On the page of the connection, below Configuration.", "OAuth client ID"),
                ClientSecret("On the page of the connection, below Configuration.", "OAuth client secret"),
            ],
            Console = "https://www.notion.so/my-integrations",
            Steps =
            [
                "Create a public integration.",
                "Enter {callback} as redirect URI, and let it read user information with e-mail addresses.",
                "Copy the OAuth client ID and the OAuth client secret.",
            ],
            Sources = ["https://developers.notion.com/docs/authorization", "https://developers.notion.com/reference/get-self"],
        };
}
