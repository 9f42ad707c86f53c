using System.Buffers.Text;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>
/// The settings that name an application's mobile apps: for their passkeys, and for files that their systems ask a domain for.
/// </summary>
public static class MobileApps
{
    private const int MaxApps = 20;
    private const int FingerprintBytes = 32;

    public static Setting Apple { get; } =
        new(
            "appleApps",
            "Apple apps that share passkeys with the domain: team id and bundle id, such as A1B2C3D4E5.com.example.app, separated by "
                + "commas.",
            SettingKind.Text,
            s => string.Join(',', s.AppleApps),
            SetApple
        );

    public static Setting Android { get; } =
        new(
            "androidApps",
            "Android apps that share passkeys with the domain: package name, = and the SHA-256 of the signing certificate, such as "
                + "com.example.app=14:6D:E9:…, separated by commas.",
            SettingKind.Text,
            s => string.Join(',', s.AndroidApps),
            SetAndroid
        );

    /// <summary>The package name and the certificate's SHA-256 in hex with colons.</summary>
    public static (string Package, string Fingerprint) Split(string app) => (app[..app.IndexOf('=')], app[(app.IndexOf('=') + 1)..]);

    /// <summary>The origin that Android puts into what a passkey signs.</summary>
    public static string OriginOf(string app)
    {
        var hash = Convert.FromHexString(Split(app).Fingerprint.Replace(":", "", StringComparison.Ordinal));
        return $"android:apk-key-hash:{Base64Url.EncodeToString(hash)}";
    }

    private static Result<ApplicationSettings> SetApple(ApplicationSettings settings, string text)
    {
        var apps = PasskeySettings.SplitList(text);
        return apps.Length > MaxApps || !apps.All(IsAppleApp)
            ? Setting.Invalid($"appleApps can be at most {MaxApps} ids such as A1B2C3D4E5.com.example.app, separated by commas.")
            : settings with
            {
                AppleApps = apps,
            };
    }

    private static Result<ApplicationSettings> SetAndroid(ApplicationSettings settings, string text)
    {
        var apps = PasskeySettings.SplitList(text);
        return apps.Length > MaxApps || !apps.All(IsAndroidApp)
            ? Setting.Invalid(
                $"androidApps can be at most {MaxApps} apps such as com.example.app=14:6D:E9:… with the 32 bytes of a SHA-256, separated "
                    + "by commas."
            )
            : settings with
            {
                AndroidApps = [.. apps.Select(app => $"{Split(app).Package}={Split(app).Fingerprint.ToUpperInvariant()}")],
            };
    }

    private static bool IsAppleApp(string app) =>
        app.Length is > 11 and <= 200
        && app[10] == '.'
        && app[..10].All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c))
        && app[11..].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    private static bool IsAndroidApp(string app) =>
        app.IndexOf('=') is > 0 and <= 200
        && Split(app) is var (package, fingerprint)
        && package.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_')
        && fingerprint.Split(':') is { Length: FingerprintBytes } bytes
        && bytes.All(one => one.Length == 2 && one.All(char.IsAsciiHexDigit));
}
