using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Sign-in.</summary>
public static class SignInGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "sign-in",
            "Sign-in",
            "The ways users log in: names, codes by mail and SMS, passkeys, account pages.",
            [
                new(
                    "names",
                    "User names and anonymous users",
                    "Ways in beside address and password.",
                    [
                        new(
                            "userNamesEnabled",
                            "Allow user name login",
                            "Users can choose a user name and log in with it instead of their address."
                        ),
                        new(
                            "anonymousLoginEnabled",
                            "Allow anonymous login",
                            "People can use the app without an address. They can sign up later and keep their data."
                        ),
                    ]
                ),
                new(
                    "without-password",
                    "Codes",
                    "Sign in with a code that is good only in the app that asked for it. Needs an app that calls loginCode.",
                    [
                        new(
                            "emailCodeLogin",
                            "Codes by mail",
                            "Users can sign in with a code and a link that are mailed to them. Whoever reads a user's mail "
                                + "can do so too."
                        ),
                        new(
                            "smsCodeLogin",
                            "Codes by SMS",
                            "Users can sign in with a code to their verified phone number. Needs an SMS provider.",
                            Warning: "whoever takes over the phone number can sign in. Users whose only second factor is the "
                                + "phone cannot use it.",
                            WarnWhen: WarnWhen.On
                        ),
                        new(
                            "loginLinkUrl",
                            "Link of the mail",
                            "An address that your app opens, such as https://app.example.com/login or "
                                + "com.example.app:/login. It gets the parameters token and handle. If empty, the link opens a "
                                + "page of this server that shows the code.",
                            When: "emailCodeLogin=1",
                            Warning: "whoever owns this address gets the tokens of the mailed links.",
                            WarnWhen: WarnWhen.Change
                        ),
                    ]
                ),
                PasskeySection.Section,
                new(
                    "account-pages",
                    "Account pages",
                    "Pages of this server on which users manage their own accounts.",
                    [
                        new(
                            "accountPages",
                            "Account pages",
                            "Users can manage their profile, password, factors, passkeys, sessions and data on this server's "
                                + "pages, at account below the issuer. The pages offer what the application's settings allow."
                        ),
                        new(
                            "addressChangeEnabled",
                            "Change of address",
                            "Users can change their e-mail address on the account pages. A code proves the new one, and the "
                                + "old one is told.",
                            Warning: "user JWTs then have another sub. Leave it off if other systems know your users by it.",
                            WarnWhen: WarnWhen.On,
                            When: "accountPages=1"
                        ),
                    ]
                ),
            ]
        );
}
