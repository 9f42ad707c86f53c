using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers where developers and teams have their accounts.</summary>
internal static class DeveloperProviders
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
            Paths = new()
            {
                Subject = ["id"],
                EmailVerified = [],
                Name = ["name", "login"],
                GivenName = [],
                FamilyName = [],
                Picture = ["avatar_url"],
                Locale = [],
            },
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "GitHub lists the addresses of a user and says which is the primary one and whether it is verified.",
            Fields =
            [
                ClientId("Iv1.8a61f9b3a7aba766", "On the page of the OAuth app."),
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
}
