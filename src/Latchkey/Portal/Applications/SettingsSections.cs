using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;

namespace Latchkey.Portal.Applications;

public static class SettingsSections
{
    /// <summary>The one setting of the tab MongoDB Realm.</summary>
    public static SettingsSection Realm { get; } =
        new(
            "application",
            "Realm application",
            "Which App Services application takes this application's tokens.",
            [
                new(
                    "realmAppId",
                    "Realm App Id",
                    "As App Services shows it, such as harbour-abcde. It becomes the claim aud of user JWTs, so any other "
                        + "backend that checks an audience may have its own name here. Empty: aud is none."
                ),
            ]
        );

    public static IReadOnlyList<SettingsSection> Jwt { get; } =
    [
        new(
            "permissions",
            "Permissions",
            "What people may do in your app without you.",
            [
                new("signupEnabled", "Allow app signup", "People may sign up by themselves. Off: only you add users."),
                new(
                    "signupFlow",
                    "Signup flow",
                    "How an address is checked before it becomes a user.",
                    [
                        new("code", "Code", "Six digits are mailed; the app asks for them."),
                        new("link", "Link", "A link is mailed; it opens a page of this server."),
                        new(
                            "none",
                            "None",
                            "The address is believed at once.",
                            "anyone can sign up with an address that is not theirs, and its owner then cannot."
                        ),
                    ]
                ),
                new(
                    "linkCompletes",
                    "Signup link",
                    "What a mailed link does when it is opened.",
                    [
                        new(
                            "post",
                            "Shows a button",
                            "The person presses it to finish. Mail scanners that open every link use nothing up."
                        ),
                        new(
                            "get",
                            "Finishes at once",
                            "As older servers did.",
                            "a mail scanner that opens the link finishes the signup in the person's place."
                        ),
                    ]
                ),
                new(
                    "invitationEnabled",
                    "Allow app invitation",
                    "Users and your servers may invite people by mail. Whoever is invited may register even while app signup is off."
                ),
                new(
                    "userNamesEnabled",
                    "Allow user name login",
                    "Users may choose a user name and log in with it instead of their address."
                ),
                new(
                    "anonymousLoginEnabled",
                    "Allow anonymous login",
                    "The app may log people in without an address; they can sign up later and keep what they have."
                ),
            ]
        ),
        new(
            "social",
            "Apple and Google",
            "Signing up and logging in without a password.",
            [
                new("appleLoginEnabled", "Apple login", "Users may sign up and log in with Apple."),
                new(
                    "appleBundleId",
                    "Apple bundle ids",
                    "Whose tokens are taken: the app's bundle id, or several, comma separated. Apple login stays off without one."
                ),
                new("googleLoginEnabled", "Google login", "Users may sign up and log in with Google."),
                new(
                    "googleClientId",
                    "Google client ids",
                    "Whose tokens are taken: the OAuth client id, or several, comma separated. Google login stays off without one."
                ),
            ]
        )
        {
            Alert = settings =>
                settings is { AppleLoginEnabled: true, AppleBundleId: "" }
                    ? "Apple login is on and has no bundle id: it stays off until you give one."
                : settings is { GoogleLoginEnabled: true, GoogleClientId: "" }
                    ? "Google login is on and has no client id: it stays off until you give one."
                : null,
        },
        new(
            "two-factor",
            "Two-factor verification",
            "A code besides the password, for users who switch it on.",
            [
                new(
                    "twoFactorVerification",
                    "Second factor",
                    "What your app offers.",
                    [
                        new("none", "None", "The password is enough."),
                        new("google", "Authenticator app", "Google Authenticator or any other app for one-time codes."),
                        new("phone", "Phone", "A code by SMS to a verified number. Needs an SMS provider."),
                    ]
                ),
                new("googleHeading", "Heading in the authenticator app", "What users see above the code. Empty: the application's name."),
                new(
                    "mailsQrCode",
                    "Mail the QR code",
                    "A new authenticator key is mailed too, as older servers did. Whoever reads the mail can make the codes."
                ),
                new(
                    "resetKeepsTwoFactor",
                    "A password reset keeps the second factor",
                    "Off, as the documented contract has it: whoever can read the user's mail gets in without the second factor."
                ),
            ]
        ),
        new(
            "sms",
            "SMS by Twilio",
            "The application's own account. Without one, SMS go through the installation's provider, or stay in the mailbox.",
            [
                new("twilioAccountSid", "Account SID", "From Twilio's console."),
                new(
                    "twilioAuthToken",
                    "Auth token",
                    "Stored sealed and never shown again. When the account SID changes, type it anew: the stored one goes."
                ),
                new("twilioPhoneNumber", "Phone number", "The number that SMS come from, such as +15005550006."),
            ]
        )
        {
            TestChannel = MessageChannel.Sms,
            Alert = settings =>
                settings
                    is { TwilioAccountSid: "", TwilioAuthToken: "", TwilioPhoneNumber: "" }
                        or { TwilioAccountSid.Length: > 0, TwilioAuthToken.Length: > 0, TwilioPhoneNumber.Length: > 0 }
                    ? null
                    : "The account is set by half: account SID, auth token and phone number belong together. Until all three are "
                        + "there, SMS go through the installation's provider.",
        },
        new(
            "password-filter",
            "Password filter",
            "What a new password must contain.",
            [
                new(
                    "passwordFilter",
                    "Password filter",
                    "On: new passwords must meet the numbers below. Off: 8 characters are enough. Passwords that everyone uses "
                        + "are refused either way."
                ),
                new("passwordMinLength", "Length", "Characters at least."),
                new("passwordMinUpper", "Upper-case letters", "At least this many."),
                new("passwordMinLower", "Lower-case letters", "At least this many."),
                new("passwordMinDigit", "Digits", "At least this many."),
                new("passwordMinSpecial", "Special characters", "At least this many that are neither letter, digit nor space."),
            ]
        ),
        new(
            "metadata",
            "User metadata",
            "What you want to know about a user beyond the address. The values stand in the user's token.",
            [
                new("metaData", "User metadata fields", "Asked for at signup."),
                new("metaDataEmail", "Automatically add e-mail", "The user's token carries the address in its claim email."),
            ]
        ),
        new(
            "invite-metadata",
            "Invite metadata",
            "What an invitation says about the person it invites. The values stand in the user's token beside the user's own.",
            [new("metaDataInvite", "Invite metadata fields", "Given with the invitation.")]
        ),
        new(
            "tokens",
            "Tokens",
            "How long a token is good for. Whom it is made out to, the claim aud, stands on the tab MongoDB Realm.",
            [
                new(
                    "userJWTExpiration",
                    "User JWT, hours",
                    "The token that your backend checks. When it ends, the app asks for another with its access token."
                ),
                new(
                    "accessTokenExpiration",
                    "Access token, hours",
                    "The token that the app keeps for this server. When it ends, the user logs in again."
                ),
            ]
        ),
        new(
            "limits",
            "Limits",
            "How much is too much.",
            [
                new(
                    "maxLoginAttempts",
                    "Maximum login attempts",
                    "Wrong passwords in a row that lock a user until you unlock it or the password is reset. 0: never; guessing "
                        + "is slowed down in any case.",
                    Warning: "with a number above 0, strangers can lock your users out by guessing wrongly."
                ),
                new("maxUsers", "Maximum users", "Signing up is refused beyond it. 0: no limit."),
                new(
                    "callsPerSecond",
                    "Calls a second",
                    "More are refused with a code that says to come back; so a busy app leaves room for the others."
                ),
                new(
                    "messagesPerHour",
                    "Messages an hour",
                    "Mails, and as many SMS. Keeps somebody who floods your app from spending your money."
                ),
                new(
                    "anonymousUsersPerHour",
                    "New anonymous users an hour",
                    "From one network. Raise it for apps that many people use behind one address."
                ),
                new(
                    "anonymousRetentionDays",
                    "Remove anonymous users after days",
                    "Anonymous users who have not logged in for so long are removed, and none whose access token is still good. 0: never."
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
                    "Off, as the documented contract has it: signup answers that an address is taken, login and password reset "
                        + "that it is unknown, so anyone can test who uses your app. On: all of them answer alike, a login before the "
                        + "mailed code was used too, and the owner of the address is told by mail. Needs signup flow code or link."
                ),
            ]
        ),
        new(
            "mail",
            "Email extension",
            "The application's own way of sending mail. Off: the installation's.",
            [
                new("emailExtension", "Email extension", "Mail goes through the provider below."),
                new(
                    "mailProvider",
                    "Provider",
                    "Who takes the mail.",
                    [
                        new("smtp", "SMTP", "A mail server."),
                        new("sendgrid", "SendGrid", "By its API key."),
                        new("webhook", "Webhook", "Any service of yours: gets each mail as signed JSON."),
                    ]
                ),
                new("mailFrom", "Sender", "The address that mails come from; for SMTP and SendGrid."),
                new(
                    "smtpHost",
                    "SMTP host",
                    "Such as smtp.example.com. A host in a private network only where the operator of this server allows it."
                ),
                new("smtpPort", "SMTP port", "587 for most."),
                new(
                    "smtpSecurity",
                    "SMTP encryption",
                    "Whether the connection must be encrypted.",
                    [
                        new("starttls", "Required", "STARTTLS with a valid certificate."),
                        new("none", "None", "Mails and the password travel in the clear.", "anyone on the way can read the codes."),
                    ]
                ),
                new("smtpUser", "SMTP user", "Empty for none."),
                new(
                    "smtpPassword",
                    "SMTP password",
                    "Stored sealed and never shown again. When host, port, encryption or user changes, type it anew: the stored one goes."
                ),
                new("sendgridKey", "SendGrid API key", "Stored sealed and never shown again."),
                new(
                    "webhookUrl",
                    "Webhook address",
                    "Gets a POST for each mail. A host in a private network only where the operator of this server allows it."
                ),
                new(
                    "webhookSecret",
                    "Webhook secret",
                    "The key of the signature in the header latchkey-signature. Stored sealed and never shown again."
                ),
            ]
        )
        {
            TestChannel = MessageChannel.Email,
            Alert = settings =>
                MessageProviders.DescribeMissingMailSetting(settings) is { } missing
                    ? $"{missing} Until then mail goes through the installation's provider."
                    : null,
        },
        new(
            "formats",
            "Formats",
            "For clients that are in the stores already.",
            [
                new(
                    "passwordFormat",
                    "Passwords from clients",
                    "What the app sends as a password.",
                    [
                        new("both", "Either", "Plain passwords and their MD5 hex; users can log in from both kinds of client."),
                        new("md5", "MD5 hex", "As the CosyncJWT SDKs send it. The server cannot see how strong a password is."),
                        new("plain", "Plain", "The password itself, over https. Best for new apps."),
                    ]
                ),
                new(
                    "booleanFormat",
                    "Flags in getApplication",
                    "How switches are written.",
                    [
                        new("number", "0 and 1", "As the documented contract has it."),
                        new("boolean", "false and true", "As most languages have it."),
                    ]
                ),
            ]
        ),
    ];
}
