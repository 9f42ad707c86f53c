using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The passkeys on the settings page Sign-in.</summary>
public static class PasskeySection
{
    public static SettingsSection Section { get; } =
        new(
            "passkeys",
            "Passkeys",
            "Users sign in with their fingerprint, face or screen lock, and no password.",
            [
                new(
                    "passkeysEnabled",
                    "Passkeys",
                    "Users can have passkeys and sign in with them. Your app asks for one with passkeyOptions and "
                        + "passkeyLoginOptions.",
                    Warning: "users can then no longer log in with their passkeys.",
                    WarnWhen: WarnWhen.Off
                ),
                new(
                    "passkeyRpId",
                    "Domain (RP id)",
                    "The domain for which passkeys are made: your website's, such as example.com. If empty, this server's "
                        + "own, which all its applications share: password managers then offer users their passkeys of the others "
                        + "too.",
                    Warning: "if you change it later, all passkeys of your users stop working.",
                    WarnWhen: WarnWhen.Change,
                    When: "passkeysEnabled=1"
                ),
                new(
                    "passkeyOrigins",
                    "Origins",
                    "Which pages and apps may use passkeys, separated by commas: https://app.example.com, or "
                        + "android:apk-key-hash:… for an Android app. If empty, https:// and the domain.",
                    When: "passkeysEnabled=1"
                ),
                new(
                    "appleApps",
                    "Apple apps",
                    "Those that share passkeys with the domain: team id and bundle id, such as A1B2C3D4E5.com.example.app. "
                        + "They are for the file that the domain must have. This server answers it if the operator gave the domain "
                        + "to this application.",
                    When: "passkeysEnabled=1"
                ),
                new(
                    "androidApps",
                    "Android apps",
                    "Those that share passkeys with the domain: package name, = and the SHA-256 of the signing certificate, "
                        + "such as com.example.app=14:6D:E9:… They may use passkeys, and are for the file that the domain must "
                        + "have.",
                    When: "passkeysEnabled=1"
                ),
                new(
                    "passkeyAttestation",
                    "Authenticators",
                    "Which ones users can have.",
                    [
                        new("none", "All", "Phones, computers, password managers and security keys."),
                        new("direct", "Only some models", "Those below, which prove their model by a certificate of their maker."),
                    ],
                    When: "passkeysEnabled=1"
                ),
                new(
                    "passkeyModels",
                    "Models",
                    "The AAGUIDs of the models, separated by commas.",
                    When: "passkeysEnabled=1;passkeyAttestation=direct"
                ),
                new(
                    "passkeyRoots",
                    "Root certificates",
                    "Of the models' makers, in PEM, one after the other.",
                    When: "passkeysEnabled=1;passkeyAttestation=direct"
                ),
            ]
        )
        {
            Alert = settings =>
                settings.PasskeysEnabled
                && settings.PasskeyOrigins.Where(origin => origin.StartsWith("http", StringComparison.Ordinal)).ToList()
                    is { Count: > 0 } sites
                && !sites.Exists(site => PasskeySettings.IsWithin(site, settings.PasskeyRpId))
                    ? $"None of the sites belongs to {settings.PasskeyRpId}: browsers refuse its passkeys at {sites[0]}, " + $"for example."
                    : null,
        };
}
