using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers of games and music.</summary>
internal static class MediaProviders
{
    public static ProviderTemplate Discord { get; } =
        new()
        {
            Key = "discord",
            Name = "Discord",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://discord.com/oauth2/authorize",
            TokenEndpoint = "https://discord.com/api/oauth2/token",
            UserInfoEndpoint = "https://discord.com/api/v10/users/@me",
            AsksUserInfo = true,
            Scopes = ["identify", "email"],
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["id"],
                Email = ["email"],
                EmailVerified = ["verified"],
                Name = ["global_name", "username"],
                GivenName = [],
                FamilyName = [],
                Picture = ["https://cdn.discordapp.com/avatars/{id}/{avatar}.png"],
                Locale = ["locale"],
            },
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Discord says of each address whether it is verified.",
            Fields = [ClientId("157730590492196864", "Below OAuth2."), ClientSecret("Below OAuth2, after Reset Secret.")],
            Console = "https://discord.com/developers/applications",
            Steps =
            [
                "Create an application.",
                "Below OAuth2, add {callback} as redirect.",
                "Copy the client ID, reset the client secret and copy it.",
            ],
            Sources =
            [
                "https://discord.com/developers/docs/topics/oauth2",
                "https://discord.com/developers/docs/resources/user#user-object",
            ],
        };

    public static ProviderTemplate Twitch { get; } =
        new()
        {
            Key = "twitch",
            Name = "Twitch",
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://id.twitch.tv/oauth2",
            Scopes = ["openid", "user:read:email"],
            SendsPkce = false,
            AuthorizeParameters = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["claims"] = "{\"id_token\":{\"email\":null,\"email_verified\":null,\"picture\":null,\"preferred_username\":null}}",
            },
            Paths = new() { Name = ["preferred_username"] },
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Twitch says of each address whether it is verified.",
            Fields =
            [
                ClientId("hof5gwx0su6owfnys0yan9c87zr6t", "On the page of the application."),
                ClientSecret("On the page of the application, after New Secret."),
            ],
            Console = "https://dev.twitch.tv/console/apps",
            Steps =
            [
                "Register an application of the type Confidential.",
                "Enter {callback} as OAuth redirect URL.",
                "Copy the client ID, choose New Secret, and copy it.",
            ],
            Sources = ["https://dev.twitch.tv/docs/authentication/getting-tokens-oidc/"],
        };

    public static ProviderTemplate Spotify { get; } =
        new()
        {
            Key = "spotify",
            Name = "Spotify",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://accounts.spotify.com/authorize",
            TokenEndpoint = "https://accounts.spotify.com/api/token",
            UserInfoEndpoint = "https://api.spotify.com/v1/me",
            AsksUserInfo = true,
            Scopes = ["user-read-email", "user-read-private"],
            SecretPlacement = SecretPlacement.Basic,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["id"],
                Email = ["email"],
                EmailVerified = [],
                Name = ["display_name"],
                GivenName = [],
                FamilyName = [],
                Picture = ["images.0.url"],
                Locale = [],
            },
            EmailNote = "Spotify says that the address is not verified: there is no proof that it belongs to the user.",
            Fields =
            [
                ClientId("5f573c9620494bae87890c0f08a60293", "Below Settings of the app."),
                ClientSecret("Below Settings of the app, after View client secret."),
            ],
            Console = "https://developer.spotify.com/dashboard",
            Steps =
            [
                "Create an app for the Web API.",
                "Enter {callback} as redirect URI.",
                "Copy the client ID and the client secret from Settings.",
            ],
            Sources =
            [
                "https://developer.spotify.com/documentation/web-api/tutorials/code-flow",
                "https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile",
            ],
        };
}
