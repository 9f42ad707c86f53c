using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers where companies keep their files and customers.</summary>
internal static class BusinessProviders
{
    public static ProviderTemplate Dropbox { get; } =
        new()
        {
            Key = "dropbox",
            Name = "Dropbox",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://www.dropbox.com/oauth2/authorize",
            TokenEndpoint = "https://api.dropboxapi.com/oauth2/token",
            UserInfoEndpoint = "https://api.dropboxapi.com/2/users/get_current_account",
            AsksUserInfo = true,
            UserInfoIsPosted = true,
            Scopes = ["account_info.read"],
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["account_id"],
                Email = ["email"],
                EmailVerified = ["email_verified"],
                Name = ["name.display_name"],
                GivenName = ["name.given_name"],
                FamilyName = ["name.surname"],
                Picture = ["profile_photo_url"],
                Locale = ["locale"],
            },
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Dropbox says of each address whether it is verified.",
            Fields =
            [
                ClientId("a1b2c3d4e5f6g7h", "Below Settings of the app.", "App key"),
                ClientSecret("Below Settings of the app, after Show.", "App secret"),
            ],
            Console = "https://www.dropbox.com/developers/apps",
            Steps =
            [
                "Create an app with scoped access.",
                "Below Settings, enter {callback} as redirect URI.",
                "Below Permissions, leave account_info.read on.",
                "Copy the app key and the app secret.",
            ],
            Sources =
            [
                "https://developers.dropbox.com/oauth-guide",
                "https://www.dropbox.com/developers/documentation/http/documentation#users-get_current_account",
            ],
        };

    public static ProviderTemplate Salesforce { get; } =
        new()
        {
            Key = "salesforce",
            Name = "Salesforce",
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://{domain}",
            AsksUserInfo = true,
            Scopes = ["openid", "profile", "email"],
            EmailNote = "Administrators of any organisation manage the addresses of its users, so Salesforce is not relied on for them.",
            Fields =
            [
                ClientId("3MVG9abc.DEF_ghi", "Below Manage Consumer Details of the app.", "Consumer key"),
                ClientSecret("Below Manage Consumer Details of the app.", "Consumer secret"),
                new(
                    ProviderField.Domain,
                    "Host",
                    "The host of My Domain, for the users of one organisation only.",
                    "example.my.salesforce.com"
                )
                {
                    Kind = ProviderFieldKind.Host,
                    IsOptional = true,
                    Default = "login.salesforce.com",
                },
            ],
            Console = "https://login.salesforce.com/",
            Steps =
            [
                "In Setup, create an External Client App and turn on OAuth.",
                "Enter {callback} as callback URL, and choose the scopes openid, profile and email.",
                "Copy the consumer key and the consumer secret.",
            ],
            Sources =
            [
                "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm",
                "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm",
            ],
        };
}
