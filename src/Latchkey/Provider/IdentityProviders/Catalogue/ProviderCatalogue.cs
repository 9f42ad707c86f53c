namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>The providers that are known, in the order in which developers see them; the last is any other by its issuer.</summary>
public static class ProviderCatalogue
{
    public static IReadOnlyList<ProviderTemplate> All { get; } =
    [
        LargeProviders.Google,
        LargeProviders.Apple,
        LargeProviders.Microsoft,
        DeveloperProviders.GitHub,
        LargeProviders.Facebook,
        LargeProviders.X,
        MediaProviders.Discord,
        WorkProviders.LinkedIn,
        DeveloperProviders.GitLab,
        DeveloperProviders.Bitbucket,
        DeveloperProviders.Atlassian,
        WorkProviders.Slack,
        WorkProviders.Zoom,
        WorkProviders.Salesforce,
        WorkProviders.Dropbox,
        DeveloperProviders.Notion,
        DeveloperProviders.Figma,
        MediaProviders.Spotify,
        MediaProviders.Twitch,
        MediaProviders.TikTok,
        MediaProviders.Reddit,
        MediaProviders.Strava,
        ShopProviders.Amazon,
        ShopProviders.PayPal,
        ShopProviders.Yahoo,
        MessengerProviders.Line,
        MessengerProviders.Kakao,
        MessengerProviders.Naver,
        OwnProviders.Auth0,
        OwnProviders.Okta,
        OwnProviders.Keycloak,
        OwnProviders.Zitadel,
        OwnProviders.Oidc,
    ];

    /// <summary>Null when none has the key.</summary>
    public static ProviderTemplate? Find(string key) => All.FirstOrDefault(template => template.Key == key);
}
