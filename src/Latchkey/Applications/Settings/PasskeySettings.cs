using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>The settings of passkeys whose text needs parsing.</summary>
public static class PasskeySettings
{
    private const int MaxOrigins = 20;
    private const int MaxModels = 200;
    private const int MaxRoots = 20;
    private const string AndroidScheme = "android:apk-key-hash:";
    private const string Localhost = "localhost";
    private const string PemBegin = "-----BEGIN CERTIFICATE-----";
    private const string PemEnd = "-----END CERTIFICATE-----";

    public static Setting RpId { get; } =
        new(
            "passkeyRpId",
            "The domain for which passkeys are made (RP id). If empty, the public URL's host when passkeys are switched on. "
                + "Passkeys of another domain stop working when it changes.",
            SettingKind.Text,
            s => s.PasskeyRpId,
            SetRpId
        );

    public static Setting Origins { get; } =
        new(
            "passkeyOrigins",
            "Origins that may use passkeys, separated by commas: https://app.example.com, or android:apk-key-hash:… for an Android app. "
                + "If empty, https:// and passkeyRpId.",
            SettingKind.Text,
            s => string.Join(',', s.PasskeyOrigins),
            SetOrigins
        );

    public static Setting Models { get; } =
        new(
            "passkeyModels",
            "AAGUIDs of the authenticator models that passkeyAttestation direct allows, separated by commas.",
            SettingKind.Text,
            s => string.Join(',', s.PasskeyModels),
            SetModels
        );

    public static Setting Roots { get; } =
        new(
            "passkeyRoots",
            "Root certificates of these models' makers, in PEM, one after the other.",
            SettingKind.Text,
            s => string.Join(',', s.PasskeyRoots),
            SetRoots
        );

    /// <summary>
    /// Sets an empty RP id when passkeys are on: to the public URL's host, or to localhost for a server on loopback. An address cannot be
    /// one.
    /// </summary>
    public static ApplicationSettings FillIn(ApplicationSettings settings, Uri publicUrl) =>
        settings is { PasskeysEnabled: true, PasskeyRpId: "" }
            ? settings with
            {
                PasskeyRpId =
                    publicUrl.IsLoopback ? Localhost
                    : IsDomain(publicUrl.IdnHost) ? publicUrl.IdnHost
                    : "",
            }
            : settings;

    /// <summary>Validates the settings of passkeys together; the first violation as a sentence.</summary>
    public static Error? Validate(ApplicationSettings settings) =>
        settings is { PasskeysEnabled: true, PasskeyRpId: "" }
            ? Setting.Invalid("Passkeys need a domain, and the server's public URL has none. Set passkeyRpId.")
        : settings is { PasswordOptional: true } and not { PasskeysEnabled: true, SignupFlow: SignupFlow.Code }
            ? Setting.Invalid("passwordOptional needs passkeysEnabled and the signup flow code, after which the app adds a passkey.")
        : settings is { PasskeyAttestation: PasskeyAttestation.Direct } and ({ PasskeyModels.Count: 0 } or { PasskeyRoots.Count: 0 })
            ? Setting.Invalid("passkeyAttestation direct needs passkeyModels and passkeyRoots. Without them, nothing proves a model.")
        : null;

    /// <summary>Whether browsers allow pages of the origin to use passkeys of the RP id (HTML, "is a registrable domain suffix").</summary>
    public static bool IsWithin(string origin, string rpId) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url)
        && (url.Host == rpId || url.Host.EndsWith($".{rpId}", StringComparison.Ordinal));

    private static Result<ApplicationSettings> SetRpId(ApplicationSettings settings, string text)
    {
        var host = text.Trim().ToLowerInvariant();
        return host.Length == 0 || host == Localhost || IsDomain(host)
            ? settings with
            {
                PasskeyRpId = host,
            }
            : Setting.Invalid("passkeyRpId must be a domain, such as example.com, without https:// and port.");
    }

    private static Result<ApplicationSettings> SetOrigins(ApplicationSettings settings, string text)
    {
        var origins = SplitList(text);
        return origins.Length > MaxOrigins || origins.FirstOrDefault(origin => !IsOrigin(origin)) is not null
            ? Setting.Invalid(
                $"passkeyOrigins can be at most {MaxOrigins} origins such as https://app.example.com or android:apk-key-hash:…, "
                    + "separated by commas. An origin has no path and no slash at its end; http is for localhost."
            )
            : settings with
            {
                PasskeyOrigins = origins,
            };
    }

    private static Result<ApplicationSettings> SetModels(ApplicationSettings settings, string text)
    {
        var models = SplitList(text);
        return models.Length > MaxModels || !models.All(model => Guid.TryParseExact(model, "D", out _))
            ? Setting.Invalid(
                $"passkeyModels can be at most {MaxModels} AAGUIDs such as ee882879-721c-4913-9775-3dfcce97072a, separated by commas."
            )
            : settings with
            {
                PasskeyModels = [.. models.Select(model => model.ToLowerInvariant())],
            };
    }

    /// <summary>Takes PEM, with or without its line breaks, and the base64 that <see cref="Roots"/> shows.</summary>
    private static Result<ApplicationSettings> SetRoots(ApplicationSettings settings, string text)
    {
        var bodies = text.Replace(PemBegin, "", StringComparison.Ordinal)
            .Replace(PemEnd, ",", StringComparison.Ordinal)
            .Split(',')
            .Select(body => string.Concat(body.Where(c => !char.IsWhiteSpace(c))))
            .Where(body => body.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return bodies.Length > MaxRoots || !bodies.All(IsCertificate)
            ? Setting.Invalid($"passkeyRoots can be at most {MaxRoots} certificates in PEM.")
            : settings with
            {
                PasskeyRoots = bodies,
            };
    }

    /// <summary>What stands between commas or blanks, each once.</summary>
    internal static string[] SplitList(string text) =>
        [
            .. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>A host name of letters, digits and dashes with at least one dot, in lower case; no address.</summary>
    internal static bool IsDomain(string host) =>
        host.Length <= 253
        && host.Contains('.', StringComparison.Ordinal)
        && host.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
        && Uri.CheckHostName(host) == UriHostNameType.Dns;

    /// <summary>An origin exactly as browsers write it (RFC 6454 §6.2), or that of an Android app.</summary>
    private static bool IsOrigin(string text) =>
        text.StartsWith(AndroidScheme, StringComparison.Ordinal)
            ? text.Length == AndroidScheme.Length + 43
                && text[AndroidScheme.Length..].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            : Uri.TryCreate(text, UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.Host == Localhost))
                && url.GetLeftPart(UriPartial.Authority) == text
                && url.UserInfo.Length == 0;

    private static bool IsCertificate(string base64)
    {
        var der = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, der, out var length))
        {
            return false;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der.AsSpan(0, length));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
