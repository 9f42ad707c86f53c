namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>The providers that are known, in the order in which developers see them; the last is any other by its issuer.</summary>
public static class ProviderCatalogue
{
    public static IReadOnlyList<ProviderTemplate> All { get; } =
    [
        LargeProviders.Google,
        LargeProviders.Apple,
        LargeProviders.Microsoft,
        CodeProviders.GitHub,
        NetworkProviders.Facebook,
        NetworkProviders.X,
        MediaProviders.Discord,
        WorkProviders.LinkedIn,
        CodeProviders.GitLab,
        CodeProviders.Bitbucket,
        TeamProviders.Atlassian,
        WorkProviders.Slack,
        WorkProviders.Zoom,
        BusinessProviders.Salesforce,
        BusinessProviders.Dropbox,
        TeamProviders.Notion,
        TeamProviders.Figma,
        MediaProviders.Spotify,
        MediaProviders.Twitch,
        LeisureProviders.TikTok,
        LeisureProviders.Reddit,
        LeisureProviders.Strava,
        ShopProviders.Amazon,
        ShopProviders.PayPal,
        ShopProviders.Yahoo,
        MessengerProviders.Line,
        MessengerProviders.Kakao,
        MessengerProviders.Naver,
        OwnProviders.Auth0,
        OwnProviders.Okta,
        OpenProviders.Keycloak,
        OpenProviders.Zitadel,
        OpenProviders.Oidc,
    ];

    /// <summary>Null when none has the key.</summary>
    public static ProviderTemplate? Find(string key) => All.FirstOrDefault(template => template.Key == key);
}
