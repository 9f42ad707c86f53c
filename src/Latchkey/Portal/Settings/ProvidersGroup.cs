using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Providers.</summary>
public static class ProvidersGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "providers",
            "Providers",
            "Apple, Google and all other providers that users sign in with.",
            [
                new(
                    "social",
                    "Apple and Google in apps",
                    "Sign up and log in without a password, by the SDKs of Apple and Google.",
                    [
                        new("appleLoginEnabled", "Apple login", "Users can sign up and log in with Apple."),
                        new(
                            "appleBundleId",
                            "Apple bundle ids",
                            "The bundle id of the app, or several, separated by commas. Without one, Apple login stays off.",
                            When: "appleLoginEnabled=1",
                            Warning: "whoever makes an app with such an id can log in its users here.",
                            WarnWhen: WarnWhen.Change
                        ),
                        new("googleLoginEnabled", "Google login", "Users can sign up and log in with Google."),
                        new(
                            "googleClientId",
                            "Google client ids",
                            "The OAuth client id, or several, separated by commas. Without one, Google login stays off.",
                            When: "googleLoginEnabled=1",
                            Warning: "whoever owns such a client can log in its users here.",
                            WarnWhen: WarnWhen.Change
                        ),
                        new(
                            "socialNonceRequired",
                            "Demand a nonce",
                            "Apps must send the nonce that they gave to Apple or Google. Then a token that somebody else "
                                + "obtained cannot log in.",
                            When: "appleLoginEnabled=1|googleLoginEnabled=1"
                        ),
                    ]
                )
                {
                    Alert = settings =>
                        settings is { AppleLoginEnabled: true, AppleBundleId: "" }
                            ? "Apple login has no bundle id. It stays off until you enter one."
                        : settings is { GoogleLoginEnabled: true, GoogleClientId: "" }
                            ? "Google login has no client id. It stays off until you enter one."
                        : null,
                },
                new(
                    "linking",
                    "All providers",
                    "What holds for every provider.",
                    [
                        new(
                            "linkingEnabled",
                            "Link accounts",
                            "Users can link their Apple and Google accounts, and then log in with any of them. If off, they "
                                + "log in only as they signed up. Two users are never merged."
                        ),
                        new(
                            "providerRedirectUris",
                            "Apps that sign in with other providers",
                            "Addresses that your apps open, such as https://app.example.com/callback or "
                                + "com.example.app:/callback, with blanks between them. The browser comes back there after "
                                + "providerLogin.",
                            Warning: "whoever owns such an address gets the tokens of users who sign in.",
                            WarnWhen: WarnWhen.Change
                        ),
                    ]
                ),
            ]
        )
        {
            Path = "providers",
        };
}
