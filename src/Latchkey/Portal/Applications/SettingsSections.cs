using Latchkey.Applications.Settings;
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
            "The App Services application that accepts this application's tokens.",
            [
                new(
                    "realmAppId",
                    "Realm App Id",
                    "As App Services shows it, such as harbour-abcde. It becomes the claim aud of user JWTs. If another backend "
                        + "checks the audience, enter that backend's name. If empty, aud is none."
                ),
            ]
        );

    /// <summary>The settings of the OpenID provider, on the tab Clients.</summary>
    public static IReadOnlyList<SettingsSection> Provider { get; } =
    [
        new(
            "provider",
            "Issuer and tokens",
            "What all clients have in common.",
            [
                new(
                    "issuerDomain",
                    "Issuer's domain",
                    "A domain of this application, such as auth.example.com, that the operator gave it. If empty, the issuer is below the "
                        + "public URL.",
                    Warning: "clients know their issuer. When it changes, they must be changed too."
                ),
                new("providerTokenMinutes", "Tokens, minutes", "How long ID tokens are valid, and access tokens that are for no resource."),
                new(
                    "offlineOutlivesLogout",
                    "Offline access outlives signing out",
                    "Refresh tokens stay valid when the user signs out in the browser. If off, signing out ends them."
                ),
                new(
                    "accountPages",
                    "Account pages",
                    "Users can manage their profile, password, factors, passkeys, sessions and data on this server's pages, at account "
                        + "below the issuer. The pages offer what the application's settings allow."
                ),
                new(
                    "addressChangeEnabled",
                    "Change of address",
                    "Users can change their e-mail address on the account pages. A code proves the new one, and the old one is told.",
                    Warning: "user JWTs then have another sub. Switch it off if other systems know your users by it."
                ),
                new(
                    "providerRedirectUris",
                    "Apps that sign in with other providers",
                    "Addresses that your apps open, such as https://app.example.com/callback or com.example.app:/callback, with blanks "
                        + "between them. The browser comes back there after providerLogin."
                ),
            ]
        ),
        new(
            "claims",
            "Claims from metadata",
            "Which user metadata clients get, and with which scope.",
            [
                new(
                    "claimMappings",
                    "Claims",
                    "Separated by commas: given_name=user_data.first. A claim of your own can have a scope behind a colon: "
                        + "plan=user_data.plan:billing."
                ),
            ]
        )
        {
            Alert = settings =>
                ClaimMappings.FindUnknownPaths(settings) is [var unknown, ..]
                    ? $"no metadata field has the path {unknown}, so its claim is always missing."
                    : null,
        },
    ];

    public static IReadOnlyList<SettingsSection> Jwt { get; } =
    [
        new(
            "permissions",
            "Permissions",
            "What people can do in your app without your help.",
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
                            "The person presses it to complete the signup. Mail scanners that open every link cannot complete it."
                        ),
                        new(
                            "get",
                            "Completes immediately",
                            "As older servers do.",
                            "a mail scanner that opens the link completes the signup."
                        ),
                    ]
                ),
                new(
                    "invitationEnabled",
                    "Allow app invitation",
                    "Users and your servers can invite people by mail. Invited people can register even if app signup is off."
                ),
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
            "social",
            "Apple and Google",
            "Sign up and log in without a password.",
            [
                new("appleLoginEnabled", "Apple login", "Users can sign up and log in with Apple."),
                new(
                    "appleBundleId",
                    "Apple bundle ids",
                    "The bundle id of the app, or several, separated by commas. Without one, Apple login stays off."
                ),
                new("googleLoginEnabled", "Google login", "Users can sign up and log in with Google."),
                new(
                    "googleClientId",
                    "Google client ids",
                    "The OAuth client id, or several, separated by commas. Without one, Google login stays off."
                ),
                new(
                    "socialNonceRequired",
                    "Demand a nonce",
                    "Apps must send the nonce that they gave to Apple or Google. Then a token that somebody else obtained cannot log in."
                ),
                new(
                    "linkingEnabled",
                    "Link accounts",
                    "Users can link their Apple and Google accounts, and then log in with any of them. If off, they log in only as they "
                        + "signed up. Two users are never merged."
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
            "without-password",
            "Without a password",
            "Sign in with a code that is good only in the app that asked for it. Needs an app that calls loginCode.",
            [
                new(
                    "emailCodeLogin",
                    "Codes by mail",
                    "Users can sign in with a code and a link that are mailed to them. Whoever reads a user's mail can do so too."
                ),
                new(
                    "smsCodeLogin",
                    "Codes by SMS",
                    "Users can sign in with a code to their verified phone number. Needs an SMS provider.",
                    Warning: "whoever takes over the phone number can sign in. Users whose only second factor is the phone cannot use it."
                ),
                new(
                    "signupByCode",
                    "Sign up by code",
                    "A mailed code makes an unknown address a user without a password, if app signup is allowed."
                ),
                new(
                    "loginLinkUrl",
                    "Link of the mail",
                    "An address that your app opens, such as https://app.example.com/login or com.example.app:/login. It gets the "
                        + "parameters token and handle. If empty, the link opens a page of this server that shows the code."
                ),
            ]
        )
        {
            Alert = settings =>
                settings is { SignupByCode: true, EmailCodeLogin: false } ? "Sign up by code needs codes by mail."
                : settings is { SignupByCode: true, SignupEnabled: false } ? "Sign up by code needs app signup, which is off."
                : null,
        },
        new(
            "two-factor",
            "Two-factor verification",
            "A code in addition to the password, for users who switch it on.",
            [
                new(
                    "twoFactorVerification",
                    "Second factor",
                    "The second factor that your app offers.",
                    [
                        new("none", "None", "The password is enough."),
                        new("google", "Authenticator app", "Google Authenticator or another app for one-time codes."),
                        new("phone", "Phone", "A code by SMS to a verified number. Needs an SMS provider."),
                    ]
                ),
                new(
                    "secondFactorPolicy",
                    "When logins ask",
                    "Goes beyond the setting above: several factors for each user, recovery codes and remembered devices.",
                    [
                        new("off", "Off", "Only the second factor above counts, as in the documented contract."),
                        new("optional", "Optional", "Users who switched a factor on are asked, except on their remembered devices."),
                        new(
                            "required",
                            "Required",
                            "Everybody is asked at every login. Who has no factor sets one up first.",
                            "apps that do not know enrollFactor, such as those with a CosyncJWT SDK, cannot log in users without a factor."
                        ),
                        new(
                            "newdevices",
                            "Required for new devices",
                            "Everybody is asked, but not again on a device that the user had remembered.",
                            "apps that do not know enrollFactor, such as those with a CosyncJWT SDK, cannot log in users without a factor."
                        ),
                    ]
                ),
                new(
                    "secondFactors",
                    "Factors",
                    "What users can have, unless “When logins ask” is off: authenticator, sms, passkey, separated by commas. With sms, "
                        + "whoever takes over a phone number gets the codes."
                ),
                new(
                    "rememberDeviceDays",
                    "Remember devices, days",
                    "For so many days, such as 30, a device that the user had remembered is not asked again. There, the password alone "
                        + "opens the account. 0 means that it is always asked. No effect while “When logins ask” is off or required."
                ),
                new(
                    "googleHeading",
                    "Heading in the authenticator app",
                    "What users see above the code. If empty, the application's name."
                ),
                new(
                    "mailsQrCode",
                    "Mail the QR code",
                    "Also mails a new authenticator key, as older servers do. Anyone who can read the mail can generate the codes."
                ),
                new(
                    "resetKeepsTwoFactor",
                    "A password reset keeps the second factor",
                    "If off, as in the documented contract, anyone who can read the user's mail can log in without the second factor."
                ),
                new(
                    "socialLoginTwoFactor",
                    "Apple and Google logins ask for the second factor",
                    "socialLogin then answers a login token, as login does. Apps built for other servers may not know this answer."
                ),
                new(
                    "stepUpRequired",
                    "Changing the second factor or the phone number needs a recent proof",
                    "A login or stepUp in the last 15 minutes, or the password in the same call. Otherwise the answer is code 710, so that "
                        + "a stolen access token cannot switch the second factor off."
                ),
            ]
        ),
        new(
            "passkeys",
            "Passkeys",
            "Users sign in with their fingerprint, face or screen lock, and no password.",
            [
                new(
                    "passkeysEnabled",
                    "Passkeys",
                    "Users can have passkeys and sign in with them. Your app asks for one with passkeyOptions and passkeyLoginOptions."
                ),
                new(
                    "passkeyRpId",
                    "Domain (RP id)",
                    "The domain for which passkeys are made: your website's, such as example.com. If empty, this server's own, which all "
                        + "its applications share: password managers then offer users their passkeys of the others too.",
                    Warning: "if you change it later, all passkeys of your users stop working."
                ),
                new(
                    "passkeyOrigins",
                    "Origins",
                    "Which pages and apps may use passkeys, separated by commas: https://app.example.com, or android:apk-key-hash:… for "
                        + "an Android app. If empty, https:// and the domain."
                ),
                new(
                    "appleApps",
                    "Apple apps",
                    "Those that share passkeys with the domain: team id and bundle id, such as A1B2C3D4E5.com.example.app. They are for "
                        + "the file that the domain must have. This server answers it if the operator gave the domain to this application."
                ),
                new(
                    "androidApps",
                    "Android apps",
                    "Those that share passkeys with the domain: package name, = and the SHA-256 of the signing certificate, such as "
                        + "com.example.app=14:6D:E9:… They may use passkeys, and are for the file that the domain must have."
                ),
                new(
                    "passkeyAttestation",
                    "Authenticators",
                    "Which ones users can have.",
                    [
                        new("none", "All", "Phones, computers, password managers and security keys."),
                        new("direct", "Only some models", "Those below, which prove their model by a certificate of their maker."),
                    ]
                ),
                new("passkeyModels", "Models", "The AAGUIDs of the models, separated by commas."),
                new("passkeyRoots", "Root certificates", "Of the models' makers, in PEM, one after the other."),
                new(
                    "passwordOptional",
                    "Users without a password",
                    "People can sign up with their address alone. Once the mailed code has confirmed it, your app adds a passkey. Needs "
                        + "passkeys and the signup flow code."
                ),
            ]
        )
        {
            Alert = settings =>
                settings.PasskeysEnabled
                && settings.PasskeyOrigins.Where(origin => origin.StartsWith("http", StringComparison.Ordinal)).ToList()
                    is { Count: > 0 } sites
                && !sites.Exists(site => PasskeySettings.IsWithin(site, settings.PasskeyRpId))
                    ? $"None of the sites belongs to {settings.PasskeyRpId}: browsers refuse its passkeys at {sites[0]}, for example."
                    : null,
        },
        new(
            "sms",
            "SMS by Twilio",
            "The application's own Twilio account. Without one, SMS are sent by the installation's provider, or stay in the mailbox.",
            [
                new("twilioAccountSid", "Account SID", "From Twilio's console."),
                new(
                    "twilioAuthToken",
                    "Auth token",
                    "Stored encrypted and never shown again. If you change the account SID, enter the token again, because the "
                        + "stored one is deleted."
                ),
                new("twilioPhoneNumber", "Phone number", "The number that sends the SMS, such as +15005550006."),
            ]
        )
        {
            TestChannel = MessageChannel.Sms,
            Alert = settings =>
                settings
                    is { TwilioAccountSid: "", TwilioAuthToken: "", TwilioPhoneNumber: "" }
                        or { TwilioAccountSid.Length: > 0, TwilioAuthToken.Length: > 0, TwilioPhoneNumber.Length: > 0 }
                    ? null
                    : "The account is incomplete: it needs account SID, auth token and phone number. Until all three are set, SMS "
                        + "are sent by the installation's provider.",
        },
        new(
            "password-filter",
            "Password filter",
            "What a new password must contain.",
            [
                new(
                    "passwordFilter",
                    "Password filter",
                    "If on, new passwords must meet the minimums below. If off, they need 8 characters."
                ),
                new("passwordMinLength", "Length", "Minimum number of characters."),
                new("passwordMinUpper", "Upper-case letters", "Minimum number."),
                new("passwordMinLower", "Lower-case letters", "Minimum number."),
                new("passwordMinDigit", "Digits", "Minimum number."),
                new("passwordMinSpecial", "Special characters", "Minimum number of characters other than letters, digits and spaces."),
                new(
                    "blockCommonPasswords",
                    "Refuse common passwords",
                    "Refuses the 10,000 passwords that guessers try first. An app whose SDK sends the MD5 hex gets error 602 for them, and "
                        + "its user must be told to choose another."
                ),
            ]
        ),
        new(
            "metadata",
            "User metadata",
            "What you want to know about a user besides the address. The values are in the user's tokens.",
            [
                new("metaData", "User metadata fields", "Asked for at signup."),
                new("metaDataEmail", "Automatically add e-mail", "Adds the claim email with the user's address to the user's tokens."),
            ]
        ),
        new(
            "invite-metadata",
            "Invite metadata",
            "What an invitation says about the invited person. The values are in the user's tokens, together with the user metadata.",
            [new("metaDataInvite", "Invite metadata fields", "Set in the invitation.")]
        ),
        new(
            "tokens",
            "Tokens",
            "How long tokens are valid. The audience (claim aud) is on the tab MongoDB Realm.",
            [
                new(
                    "userJWTExpiration",
                    "User JWT, hours",
                    "The token that your backend verifies, in classic sessions. Minutes are written with an m, such as 90m."
                ),
                new(
                    "accessTokenExpiration",
                    "Access token, hours",
                    "The token that the app uses for this server, in classic sessions. When it expires, the user logs in again."
                ),
            ]
        ),
        new(
            "sessions",
            "Sessions",
            "How long users stay signed in. A user's page lists the sessions, and says why each one ended.",
            [
                new(
                    "sessionMode",
                    "Sessions",
                    "Whether the app renews its tokens.",
                    [
                        new(
                            "classic",
                            "Classic",
                            "One access token for the whole session, as apps with a CosyncJWT SDK expect.",
                            "whoever copies an access token can use it until it expires."
                        ),
                        new(
                            "refresh",
                            "Refresh tokens",
                            "Tokens are valid for minutes, and a refresh token gives new ones.",
                            "apps that do not call refresh, such as those with a CosyncJWT SDK, are signed out after these minutes."
                        ),
                    ]
                ),
                new(
                    "tokenMinutes",
                    "Tokens, minutes",
                    "How long a user JWT and an access token are valid with refresh tokens. For so long, a backend may accept the JWT of "
                        + "a user who was suspended or signed out."
                ),
                new("sessionDays", "Longest session, days", "With refresh tokens. After this, the user signs in again, whatever happens."),
                new(
                    "sessionIdleDays",
                    "Unused session, days",
                    "With refresh tokens. A session that is not used for so long ends. 0 means that it does not."
                ),
                new(
                    "refreshGraceSeconds",
                    "Late refresh, seconds",
                    "How long a replaced refresh token is still answered after the next one was used, for tabs that refresh at once. "
                        + "Later, its use ends the session: somebody has a copy."
                ),
            ]
        ),
        new(
            "limits",
            "Limits",
            "Limits that protect your application from abuse.",
            [
                new(
                    "maxLoginAttempts",
                    "Maximum login attempts",
                    "After this many consecutive wrong passwords, a user is locked until you unlock it or the password is "
                        + "reset. 0 means never. Guessing is slowed down in any case.",
                    Warning: "with a number above 0, strangers can lock your users out with wrong passwords."
                ),
                new("maxUsers", "Maximum users", "More signups are refused. 0 means no limit."),
                new(
                    "callsPerSecond",
                    "Calls per second",
                    "More calls are refused and can be repeated later, so that a busy app does not slow down the others."
                ),
                new(
                    "messagesPerHour",
                    "Messages per hour",
                    "Mails, and the same number of SMS. Limits your cost if somebody floods your app."
                ),
                new(
                    "anonymousUsersPerHour",
                    "New unconfirmed users per hour",
                    "Anonymous users, and users of the signup flow none, from one network. Raise it if many people use your app behind "
                        + "one address."
                ),
                new(
                    "anonymousRetentionDays",
                    "Remove anonymous users after days",
                    "Removes anonymous users who have not logged in for this many days and have no valid access token. 0 means never."
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
                    "If off, as in the documented contract, signup says that an address is taken, and login and password reset "
                        + "say that it is unknown, so anyone can test who uses your app. If on, all of them respond in the same way, "
                        + "and so does a login before the signup is complete. The owner of the address is notified by mail. Requires "
                        + "signup flow code or link."
                ),
            ]
        ),
        new(
            "mail",
            "Email extension",
            "The application's own mail provider. If off, the installation's provider sends the mail.",
            [
                new("emailExtension", "Email extension", "Send mail with the provider below."),
                new(
                    "mailProvider",
                    "Provider",
                    "The service that sends the mail.",
                    [
                        new("smtp", "SMTP", "A mail server."),
                        new("sendgrid", "SendGrid", "With an API key."),
                        new("webhook", "Webhook", "Your own service. It receives each mail as signed JSON."),
                    ]
                ),
                new("mailFrom", "Sender", "The sender's address, for SMTP and SendGrid."),
                new(
                    "smtpHost",
                    "SMTP host",
                    "Such as smtp.example.com. A host in a private network works only if the operator of this server allows it."
                ),
                new("smtpPort", "SMTP port", "587 for STARTTLS, 465 for TLS."),
                new(
                    "smtpSecurity",
                    "SMTP encryption",
                    "Whether the connection must be encrypted.",
                    [
                        new("starttls", "STARTTLS", "Required, with a valid certificate; usual on port 587."),
                        new("tls", "TLS", "From the start, with a valid certificate; usual on port 465."),
                        new("none", "None", "Mails and the password are sent unencrypted.", "anyone on the network can read the codes."),
                    ]
                ),
                new("smtpUser", "SMTP user", "Optional."),
                new(
                    "smtpPassword",
                    "SMTP password",
                    "Stored encrypted and never shown again. If you change host, port, encryption or user, enter the password "
                        + "again, because the stored one is deleted."
                ),
                new(
                    "smtpToken",
                    "SMTP token",
                    "An OAuth 2.0 access token in place of the password (XOAUTH2). Stored encrypted and never shown again. Enter a new one "
                        + "before it expires."
                ),
                new("sendgridKey", "SendGrid API key", "Stored encrypted and never shown again."),
                new(
                    "webhookUrl",
                    "Webhook address",
                    "Receives a POST request for each mail. A host in a private network works only if the operator of this "
                        + "server allows it."
                ),
                new(
                    "webhookSecret",
                    "Webhook secret",
                    "The key for the signature in the header latchkey-signature. Stored encrypted and never shown again."
                ),
            ]
        )
        {
            TestChannel = MessageChannel.Email,
            Alert = settings =>
                MessageProviders.DescribeMissingMailSetting(settings) is { } missing
                    ? $"{missing} Until then, mail is sent by the installation's provider."
                    : null,
        },
        new(
            "formats",
            "Formats",
            "For apps that are already in the stores.",
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
    ];
}
