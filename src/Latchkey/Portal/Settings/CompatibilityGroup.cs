using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Compatibility.</summary>
public static class CompatibilityGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "compatibility",
            "Compatibility",
            "For apps that are already in the stores, such as those with a CosyncJWT SDK.",
            [
                new(
                    "formats",
                    "Formats",
                    "What older apps send and read.",
                    [
                        new(
                            "passwordFormat",
                            "Passwords from clients",
                            "What the app sends as a password.",
                            [
                                new("both", "Either", "Plain passwords or their MD5 hex. Users can log in from both kinds of client."),
                                new("md5", "MD5 hex", "As the CosyncJWT SDKs send it. The server cannot check how strong a password is."),
                                new("plain", "Plain", "The password itself, over https. Recommended for new apps."),
                            ]
                        ),
                        new(
                            "booleanFormat",
                            "Flags in getApplication",
                            "How getApplication writes switches.",
                            [
                                new("number", "0 and 1", "As in the documented contract. The Kotlin SDK cannot read it."),
                                new("boolean", "false and true", "As in most languages. The Kotlin SDK needs it."),
                            ]
                        ),
                    ]
                ),
                new(
                    "older-mails",
                    "Older mails",
                    "What older servers mailed.",
                    [
                        new(
                            "mailsQrCode",
                            "Mail the QR code",
                            "Also mails a new authenticator key, as older servers do. Anyone who can read the mail can "
                                + "generate the codes.",
                            Warning: "whoever reads the mail can generate the codes.",
                            WarnWhen: WarnWhen.On
                        ),
                    ]
                ),
            ]
        );
}
