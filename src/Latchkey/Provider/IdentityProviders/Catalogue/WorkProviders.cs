using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers where people have their accounts of work.</summary>
internal static class WorkProviders
{
    public static ProviderTemplate LinkedIn { get; } =
        new()
        {
            Key = "linkedin",
            Name = "LinkedIn",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.linkedin.com/oauth/v2/authorization",
            TokenEndpoint = "https://www.linkedin.com/oauth/v2/accessToken",
            UserInfoEndpoint = "https://api.linkedin.com/v2/userinfo",
            AsksUserInfo = true,
            Scopes = ["openid", "profile", "email"],
            SendsPkce = false,
            SendsNonce = false,
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "LinkedIn says of the primary address whether it is verified.",
            Fields =
            [
                ClientId("86vhj2q7ukf83q", "Below Auth of the app."),
                ClientSecret("Below Auth of the app.", "Primary client secret"),
            ],
            Console = "https://www.linkedin.com/developers/apps",
            Steps =
            [
                "Create an app, and verify it with your company page.",
                "Below Products, ask for Sign In with LinkedIn using OpenID Connect.",
                "Below Auth, enter {callback} as authorized redirect URL.",
                "Copy the client ID and the primary client secret.",
            ],
            Sources =
            [
                "https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2",
                "https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow",
            ],
        };

    public static ProviderTemplate Slack { get; } =
        new()
        {
            Key = "slack",
            Name = "Slack",
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://slack.com",
            Scopes = ["openid", "profile", "email"],
            SendsPkce = false,
            Paths = new() { Subject = ["{https://slack.com/team_id}-{https://slack.com/user_id}"] },
            EmailNote = "The owners of any workspace manage the addresses of its members, so what Slack says of them is not relied on.",
            Fields =
            [
                ClientId("2141029472.691202649728", "Below Basic Information, App Credentials."),
                ClientSecret("Below Basic Information, App Credentials."),
            ],
            Console = "https://api.slack.com/apps",
            Steps =
            [
                "Create an app from scratch in your workspace.",
                "Below OAuth & Permissions, enter {callback} as redirect URL.",
                "For people of other workspaces, turn on public distribution.",
                "Copy the client ID and the client secret from Basic Information.",
            ],
            Sources =
            [
                "https://docs.slack.dev/authentication/sign-in-with-slack/",
                "https://docs.slack.dev/reference/methods/openid.connect.userInfo/",
            ],
        };

    public static ProviderTemplate Zoom { get; } =
        new()
        {
            Key = "zoom",
            Name = "Zoom",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://zoom.us/oauth/authorize",
            TokenEndpoint = "https://zoom.us/oauth/token",
            UserInfoEndpoint = "https://api.zoom.us/v2/users/me",
            AsksUserInfo = true,
            Scopes = ["user:read:user"],
            SecretPlacement = SecretPlacement.Basic,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["id"],
                Email = ["email"],
                EmailVerified = [],
                Name = ["display_name"],
                GivenName = ["first_name"],
                FamilyName = ["last_name"],
                Picture = ["pic_url"],
                Locale = ["language"],
            },
            EmailNote =
                "The administrators of any Zoom account manage the addresses of its members, so what Zoom says of them is not relied on.",
            Fields = [ClientId("n4RrTz0dQ0eJc1fQx8Yg2A", "Below App Credentials."), ClientSecret("Below App Credentials.")],
            Console = "https://marketplace.zoom.us/develop/create",
            Steps =
            [
                "Create a General App that is managed by users.",
                "Enter {callback} as OAuth redirect URL and in the allow list.",
                "Below Scopes, add user:read:user.",
                "Copy the client ID and the client secret.",
            ],
            Sources = ["https://developers.zoom.us/docs/integrations/oauth/", "https://developers.zoom.us/docs/api/users/"],
        };
}
