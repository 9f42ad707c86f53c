using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>The providers with which most people have an account.</summary>
internal static class LargeProviders
{
    public static ProviderTemplate Google { get; } =
        new()
        {
            Key = "google",
            Name = "Google",
            Protocol = ProviderProtocol.Oidc,
            Issuer = "https://accounts.google.com",
            OtherIssuers = ["accounts.google.com"],
            Scopes = ["openid", "email", "profile"],
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Google says of each address whether it is verified.",
            Fields =
            [
                ClientId("1234567890-abc.apps.googleusercontent.com", "On the page of the client, at the right."),
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
}
