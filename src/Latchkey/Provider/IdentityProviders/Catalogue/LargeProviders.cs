using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers with which most people have an account.</summary>
internal static class LargeProviders
{
    public static ProviderTemplate Google { get; } =
        new()
        {
            Key = "google",
            Name = "Google",
            Prompts = ["select_account"],
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://accounts.google.com",
            OtherIssuers = ["accounts.google.com"],
            Scopes = ["openid", "email", "profile"],
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Google says of each address whether it is verified.",
            Fields =
            [
                ClientId("1234567890-abc.apps.googleusercontent.com", "On the page of the client, below Additional information."),
                ClientSecret("On the page of the client, below Client secrets."),
            ],
            Console = "https://console.cloud.google.com/auth/clients",
            Steps =
            [
                "Open the Google Cloud console and choose or create a project.",
                "Below Google Auth Platform, fill in Branding and Audience once.",
                "Below Clients, create a client of the type Web application.",
                "Enter {callback} below Authorized redirect URIs.",
                "Copy the client ID and the client secret.",
            ],
            Sources = ["https://developers.google.com/identity/openid-connect/openid-connect"],
        };

    public static ProviderTemplate Apple { get; } =
        new()
        {
            Key = "apple",
            Name = "Apple",
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://appleid.apple.com",
            JwksUri = "https://appleid.apple.com/auth/keys",
            AuthorizationEndpoint = "https://appleid.apple.com/auth/authorize",
            TokenEndpoint = "https://appleid.apple.com/auth/token",
            Scopes = ["name", "email"],
            SendsPkce = false,
            ResponseMode = "form_post",
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Apple gives verified addresses only. Many are relays that forward mail from senders whom you registered there.",
            Fields =
            [
                ClientId("com.example.web", "Below Identifiers, Services IDs: the identifier, not that of the app.", "Services ID"),
                new(
                    ProviderField.TeamId,
                    "Team ID",
                    "At the top right of the developer account, and below Membership details.",
                    "ABCDE12345"
                )
                {
                    Kind = ProviderFieldKind.Name,
                },
                new(ProviderField.KeyId, "Key ID", "Below Keys, on the page of the key.", "XYZ9876543") { Kind = ProviderFieldKind.Name },
                new(
                    ProviderField.PrivateKey,
                    "Private key",
                    "The content of the .p8 file, which Apple lets you download once.",
                    "-----BEGIN PRIVATE KEY-----"
                )
                {
                    Kind = ProviderFieldKind.PrivateKey,
                },
            ],
            Console = "https://developer.apple.com/account/resources/identifiers/list/serviceId",
            Steps =
            [
                "Turn on Sign in with Apple for your App ID.",
                "Create a Services ID with Sign in with Apple: choose the App ID, enter the domain, and {callback} as return URL.",
                "Below Keys, create a key with Sign in with Apple and download it.",
                "Copy the Services ID, the Team ID, the Key ID and the content of the file.",
            ],
            Sources =
            [
                "https://developer.apple.com/documentation/signinwithapplejs/authorizationi/id_token",
                "https://developer.apple.com/documentation/signinwithapplerestapi",
                "https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret",
                "https://developer.apple.com/documentation/signinwithapple/authenticating-users-with-sign-in-with-apple",
            ],
        };

    public static ProviderTemplate Microsoft { get; } =
        new()
        {
            Key = "microsoft",
            Name = "Microsoft",
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://login.microsoftonline.com/{tenant}/v2.0",
            IssuerOfTokens = "https://login.microsoftonline.com/{tenantid}/v2.0",
            Scopes = ["openid", "profile", "email"],
            EmailNote =
                "Administrators of any directory can enter any address, and Microsoft says not to rely on it to tell who somebody is.",
            Fields =
            [
                ClientId("11112222-bbbb-3333-cccc-4444dddd5555", "On the overview of the app registration.", "Application (client) ID"),
                ClientSecret("Below Certificates & secrets: the value, not the secret ID.", "Client secret value"),
                new(
                    ProviderField.Tenant,
                    "Directory (tenant)",
                    "Its ID for one organisation; common for all accounts, organizations for work and school, consumers for personal.",
                    "common"
                )
                {
                    Kind = ProviderFieldKind.Name,
                    IsOptional = true,
                    Default = "common",
                },
            ],
            Console = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
            Steps =
            [
                "Open the Microsoft Entra admin center, App registrations, and choose New registration.",
                "Choose which accounts may sign in, and enter {callback} as redirect URI of the platform Web.",
                "Below Certificates & secrets, create a client secret and copy its value.",
                "Copy the Application (client) ID from the overview.",
            ],
            Sources =
            [
                "https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc",
                "https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference",
                "https://learn.microsoft.com/en-us/entra/identity-platform/claims-validation",
            ],
        };
}
