using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers where developers keep their code.</summary>
internal static class CodeProviders
{
    public static ProviderTemplate GitHub { get; } =
        new()
        {
            Key = "github",
            Name = "GitHub",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://github.com/login/oauth/authorize",
            TokenEndpoint = "https://github.com/login/oauth/access_token",
            UserInfoEndpoint = "https://api.github.com/user",
            AsksUserInfo = true,
            UserInfoHeaders = new Dictionary<string, string>(StringComparer.Ordinal) { ["X-GitHub-Api-Version"] = "2022-11-28" },
            Emails = new("https://api.github.com/user/emails", "", "email", "primary", "verified"),
            Scopes = ["read:user", "user:email"],
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["id"],
                Email = ["email"],
                EmailVerified = [],
                Name = ["name", "login"],
                GivenName = [],
                FamilyName = [],
                Picture = ["avatar_url"],
                Locale = [],
            },
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "GitHub lists the addresses of a user, and says which is the primary one and whether it is verified.",
            Fields =
            [
                ClientId("Ov23liABCDEFGHIJKLMN", "On the page of the OAuth app."),
                ClientSecret("On the page of the OAuth app, after Generate a new client secret."),
            ],
            Console = "https://github.com/settings/developers",
            Steps =
            [
                "Open Settings, Developer settings, OAuth Apps, and choose New OAuth App.",
                "Enter a name, your homepage, and {callback} as Authorization callback URL.",
                "Copy the client ID, choose Generate a new client secret, and copy it.",
            ],
            Sources =
            [
                "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps",
                "https://docs.github.com/en/rest/users/users#get-the-authenticated-user",
                "https://docs.github.com/en/rest/users/emails#list-email-addresses-for-the-authenticated-user",
            ],
        };

    public static ProviderTemplate GitLab { get; } =
        new()
        {
            Key = "gitlab",
            Name = "GitLab",
            Prompts = ["login"],
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://{domain}",
            AsksUserInfo = true,
            Scopes = ["openid", "profile", "email"],
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            LetsChooseTrust = true,
            EmailNote =
                "GitLab says of each address whether it is verified. With a server of your own, its administrators can change that.",
            Fields =
            [
                ClientId("7c9e1f0a5b3d4e2f8a6b", "On the page of the application.", "Application ID"),
                ClientSecret("On the page of the application, after saving; shown once.", "Secret"),
                new(ProviderField.Domain, "Host", "For a GitLab server of your own only.", "gitlab.example.com")
                {
                    Kind = ProviderFieldKind.Host,
                    IsOptional = true,
                    Default = "gitlab.com",
                },
            ],
            Console = "https://gitlab.com/-/user_settings/applications",
            Steps =
            [
                "Open your preferences, or those of a group, and choose Applications, Add new application.",
                "Enter {callback} as redirect URI, leave Confidential on, and choose the scopes openid, profile and email.",
                "Copy the application ID and the secret.",
            ],
            Sources = ["https://docs.gitlab.com/integration/openid_connect_provider/"],
        };

    public static ProviderTemplate Bitbucket { get; } =
        new()
        {
            Key = "bitbucket",
            Name = "Bitbucket",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://bitbucket.org/site/oauth2/authorize",
            TokenEndpoint = "https://bitbucket.org/site/oauth2/access_token",
            UserInfoEndpoint = "https://api.bitbucket.org/2.0/user",
            AsksUserInfo = true,
            Emails = new("https://api.bitbucket.org/2.0/user/emails", "values", "email", "is_primary", "is_confirmed"),
            Scopes = ["account", "email"],
            SecretPlacement = SecretPlacement.Basic,
            SendsPkce = false,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["uuid"],
                Email = [],
                EmailVerified = [],
                Name = ["display_name"],
                GivenName = [],
                FamilyName = [],
                Picture = ["links.avatar.href"],
                Locale = [],
            },
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Bitbucket lists the addresses of a user, and says which is the primary one and whether it is confirmed.",
            Fields =
            [
                ClientId("aBcDeFgHiJkLmNoPqR", "On the page of the consumer, after opening it.", "Key"),
                ClientSecret("On the page of the consumer, after opening it.", "Secret"),
            ],
            Console = "https://bitbucket.org/account/workspaces/",
            Steps =
            [
                "Open the settings of your workspace, OAuth consumers, and choose Add consumer.",
                "Enter {callback} as callback URL, and choose the permissions Account: Email and Read.",
                "Open the consumer in the list and copy its key and secret.",
            ],
            Sources =
            [
                "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
                "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/",
            ],
        };
}
