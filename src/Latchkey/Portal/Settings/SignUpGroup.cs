using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Sign-up.</summary>
public static class SignUpGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "sign-up",
            "Sign-up",
            "Who can become a user, and how an address is verified.",
            [
                new(
                    "signup",
                    "Sign-up",
                    "How people become users.",
                    [
                        new("signupEnabled", "Allow app signup", "People can sign up themselves. If off, only you can add users."),
                        new(
                            "signupFlow",
                            "Signup flow",
                            "How an e-mail address is verified before the user is created.",
                            [
                                new("code", "Code", "The server mails six digits, and the user enters them in the app."),
                                new("link", "Link", "The server mails a link that opens a page of this server."),
                                new(
                                    "none",
                                    "None",
                                    "The address is not verified.",
                                    "anyone can sign up with somebody else's address, and its owner then cannot."
                                ),
                            ]
                        ),
                        new(
                            "linkCompletes",
                            "Signup link",
                            "What happens when a person opens the mailed link.",
                            [
                                new(
                                    "post",
                                    "Shows a button",
                                    "The person presses it to complete the signup. Mail scanners that open every link cannot "
                                        + "complete it."
                                ),
                                new(
                                    "get",
                                    "Completes immediately",
                                    "As older servers do.",
                                    "a mail scanner that opens the link completes the signup."
                                ),
                            ],
                            When: "signupFlow=link"
                        ),
                        new(
                            "signupByCode",
                            "Sign up by code",
                            "A mailed code makes an unknown address a user without a password, if app signup is allowed."
                        ),
                        new(
                            "passwordOptional",
                            "Users without a password",
                            "People can sign up with their address alone. Once the mailed code has confirmed it, your app "
                                + "adds a passkey. Needs passkeys and the signup flow code.",
                            When: "signupFlow=code"
                        ),
                    ]
                )
                {
                    Alert = settings =>
                        settings is { SignupByCode: true, EmailCodeLogin: false }
                            ? "Sign up by code needs codes by mail, which are switched on under Sign-in."
                        : settings is { SignupByCode: true, SignupEnabled: false } ? "Sign up by code needs app signup, which is off."
                        : null,
                },
                new(
                    "invitations",
                    "Invitations",
                    "People whom users or your servers invite.",
                    [
                        new(
                            "invitationEnabled",
                            "Allow app invitation",
                            "Users and your servers can invite people by mail. Invited people can register even if app " + "signup is off."
                        ),
                    ]
                ),
                new(
                    "privacy",
                    "Privacy",
                    "What strangers can find out.",
                    [
                        new(
                            "hideAccountExistence",
                            "Hide whether an address has an account",
                            "If off, as in the documented contract, signup says that an address is taken, and login and "
                                + "password reset say that it is unknown, so anyone can test who uses your app. If on, all of them "
                                + "respond in the same way, and so does a login before the signup is complete. The owner of the "
                                + "address is notified by mail. Requires signup flow code or link.",
                            WarnWhen: WarnWhen.Off,
                            Warning: "anyone can then test which addresses use your app."
                        ),
                    ]
                ),
            ]
        );
}
