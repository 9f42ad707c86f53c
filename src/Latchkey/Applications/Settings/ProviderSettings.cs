using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>The settings of the OpenID provider.</summary>
public static class ProviderSettings
{
    private const int MaxTokenMinutes = 24 * 60;
    private const int MaxRedirectUris = 20;

    public static Setting IssuerDomain { get; } =
        new(
            "issuerDomain",
            "The domain of the application that its OpenID issuer is at (latchkey app domain). If empty, the issuer is below the public "
                + "URL. Clients that know the old issuer stop working when it changes.",
            SettingKind.Text,
            s => s.IssuerDomain,
            SetIssuerDomain
        );

    public static Setting TokenMinutes { get; } =
        Setting.Number(
            "providerTokenMinutes",
            "Minutes for which ID tokens of the OpenID provider are valid, and access tokens that are for no resource.",
            1,
            MaxTokenMinutes,
            s => s.ProviderTokenMinutes,
            (s, v) => s with { ProviderTokenMinutes = v }
        );

    public static Setting OfflineOutlivesLogout { get; } =
        Setting.Switch(
            "offlineOutlivesLogout",
            "What a user granted to a client with offline_access lives on when the user signs out in the browser.",
            s => s.OfflineOutlivesLogout,
            (s, v) => s with { OfflineOutlivesLogout = v }
        );

    public static Setting AccountPages { get; } =
        Setting.Switch(
            "accountPages",
            "Users can manage their accounts on this server's pages, at account below the issuer.",
            s => s.AccountPages,
            (s, v) => s with { AccountPages = v }
        );

    public static Setting AddressChange { get; } =
        Setting.Switch(
            "addressChangeEnabled",
            "Users can change their address on the account pages. User JWTs then have another sub; the provider's tokens keep theirs.",
            s => s.AddressChangeEnabled,
            (s, v) => s with { AddressChangeEnabled = v }
        );

    public static Setting RedirectUris { get; } =
        new(
            "providerRedirectUris",
            "Where the browser comes back to after an app has sent a user to another provider (providerLogin), with blanks between them.",
            SettingKind.Text,
            s => string.Join(' ', s.ProviderRedirectUris),
            SetRedirectUris
        );

    private static Result<ApplicationSettings> SetRedirectUris(ApplicationSettings settings, string text)
    {
        string[] uris =
        [
            .. text.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal),
        ];
        return uris.Length > MaxRedirectUris ? Setting.Invalid($"providerRedirectUris can have at most {MaxRedirectUris} addresses.")
            : uris.FirstOrDefault(uri => !LoginLink.IsPossible(uri)) is not null
                ? Setting.Invalid(
                    "Each of providerRedirectUris must be an address such as https://app.example.com/callback, or "
                        + "com.example.app:/callback, without a # part. http is for localhost only."
                )
            : settings with { ProviderRedirectUris = uris };
    }

    private static Result<ApplicationSettings> SetIssuerDomain(ApplicationSettings settings, string text)
    {
        var host = text.Trim().ToLowerInvariant();
        return host.Length == 0 || PasskeySettings.IsDomain(host)
            ? settings with
            {
                IssuerDomain = host,
            }
            : Setting.Invalid("issuerDomain must be a domain, such as auth.example.com, without https:// and port.");
    }
}
