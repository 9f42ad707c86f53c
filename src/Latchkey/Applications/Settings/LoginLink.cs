using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>
/// The setting <c>loginLinkUrl</c>: an address that the application catches, by an app link of the phone, a scheme of its own, or a page of
/// its web app. The link's token is added to it, which is good only together with the request token of the app that asked.
/// </summary>
public static class LoginLink
{
    private const string Name = "loginLinkUrl";
    private const int MaxLength = 500;

    /// <summary>Schemes of browsers and phones that no app can have for its own; some of them run what stands in the address.</summary>
    private static readonly HashSet<string> ForeignSchemes = new(StringComparer.OrdinalIgnoreCase)
    {
        "about",
        "blob",
        "data",
        "file",
        "filesystem",
        "ftp",
        "intent",
        "javascript",
        "mailto",
        "sms",
        "tel",
        "vbscript",
        "view-source",
        "ws",
        "wss",
    };

    /// <summary>The link of a request.</summary>
    /// <param name="url">The setting; not empty.</param>
    public static string Create(string url, string token, string handle) =>
        $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}token={token}&handle={Uri.EscapeDataString(handle)}";

    /// <summary>Sets the address; empty for none.</summary>
    public static Result<ApplicationSettings> Set(ApplicationSettings settings, string text)
    {
        var url = text.Trim();
        return url.Length == 0 || IsPossible(url)
            ? settings with
            {
                LoginLinkUrl = url,
            }
            : Setting.Invalid(
                $"{Name} must be an address such as https://app.example.com/login, or com.example.app:/login, without a # part. "
                    + "http is for localhost only."
            );
    }

    /// <summary>Rules with other settings; a sentence, or null.</summary>
    public static Error? Validate(ApplicationSettings settings) =>
        settings is { SmsCodeLogin: true, RequiresFactor: true, AllowsAuthenticator: false, AllowsPasskeyFactor: false }
            ? Setting.Invalid(
                "smsCodeLogin with a secondFactorPolicy that requires a factor needs authenticator or passkey among secondFactors. "
                    + "The phone cannot be both the first and the second factor."
            )
            : null;

    /// <summary>Whether an app can catch the address, and nothing else runs what stands in it.</summary>
    public static bool IsPossible(string url) =>
        url.Length <= MaxLength
        && url.All(c => c is > ' ' and < (char)127 and not ('"' or '<' or '>' or '\\' or '#'))
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && !ForeignSchemes.Contains(address.Scheme)
        && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps ? address.Host.Length > 0 : address.Scheme != Uri.UriSchemeHttp || address.IsLoopback);
}
