using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>All settings by their contract names, for the command line and the portal.</summary>
public static class SettingCatalog
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Switch(
            "jwtEnabled",
            "Users sign up and log in here. If off, apps can only call getApplication.",
            s => s.JwtEnabled,
            (s, v) => s with { JwtEnabled = v }
        ),
        Setting.Text(
            "realmAppId",
            "Id of the MongoDB Realm application: the claim aud of user JWTs.",
            128,
            s => s.RealmAppId,
            (s, v) => s with { RealmAppId = v }
        ),
        Setting.Switch("signupEnabled", "People can sign up themselves.", s => s.SignupEnabled, (s, v) => s with { SignupEnabled = v }),
        Setting.Choice(
            "signupFlow",
            "How signup verifies an address: with a mailed code, with a mailed link, or not at all.",
            s => s.SignupFlow,
            (s, v) => s with { SignupFlow = v }
        ),
        Setting.Switch(
            "passwordOptional",
            "People can sign up without a password, and add a passkey once their address is confirmed.",
            s => s.PasswordOptional,
            (s, v) => s with { PasswordOptional = v }
        ),
        Setting.Switch(
            "invitationEnabled",
            "Users and servers can invite people.",
            s => s.InvitationEnabled,
            (s, v) => s with { InvitationEnabled = v }
        ),
        Setting.Switch(
            "userNamesEnabled",
            "Users can choose a user name and log in with it.",
            s => s.UserNamesEnabled,
            (s, v) => s with { UserNamesEnabled = v }
        ),
        Setting.Switch(
            "anonymousLoginEnabled",
            "Users can log in without an address.",
            s => s.AnonymousLoginEnabled,
            (s, v) => s with { AnonymousLoginEnabled = v }
        ),
        Setting.Switch(
            "appleLoginEnabled",
            "Users can sign up and log in with Apple.",
            s => s.AppleLoginEnabled,
            (s, v) => s with { AppleLoginEnabled = v }
        ),
        Setting.Text(
            "appleBundleId",
            "Accepted bundle ids in Apple's tokens, separated by commas.",
            500,
            s => s.AppleBundleId,
            (s, v) => s with { AppleBundleId = v }
        ),
        Setting.Switch(
            "googleLoginEnabled",
            "Users can sign up and log in with Google.",
            s => s.GoogleLoginEnabled,
            (s, v) => s with { GoogleLoginEnabled = v }
        ),
        Setting.Text(
            "googleClientId",
            "Accepted client ids in Google's tokens, separated by commas.",
            500,
            s => s.GoogleClientId,
            (s, v) => s with { GoogleClientId = v }
        ),
        Setting.Switch(
            "socialNonceRequired",
            "Apps must send the nonce that they gave to Apple or Google.",
            s => s.SocialNonceRequired,
            (s, v) => s with { SocialNonceRequired = v }
        ),
        Setting.Switch(
            "emailCodeLogin",
            "Users can sign in with a code that is mailed to them.",
            s => s.EmailCodeLogin,
            (s, v) => s with { EmailCodeLogin = v }
        ),
        Setting.Switch(
            "smsCodeLogin",
            "Users can sign in with a code by SMS to their verified number.",
            s => s.SmsCodeLogin,
            (s, v) => s with { SmsCodeLogin = v }
        ),
        Setting.Switch(
            "signupByCode",
            "A mailed login code makes an unknown address a user, if signupEnabled is on.",
            s => s.SignupByCode,
            (s, v) => s with { SignupByCode = v }
        ),
        new(
            "loginLinkUrl",
            "Where the links of login codes lead: an https address, or one with the app's own scheme. If empty, to this server's page.",
            SettingKind.Text,
            s => s.LoginLinkUrl,
            LoginLink.Set
        ),
        Setting.Switch(
            "linkingEnabled",
            "Users can link identities of Apple and Google, and sign in with any of them. If off, only with the one they signed up with.",
            s => s.LinkingEnabled,
            (s, v) => s with { LinkingEnabled = v }
        ),
        Setting.Choice(
            "twoFactorVerification",
            "The second factor that users can switch on.",
            s => s.TwoFactorVerification,
            (s, v) => s with { TwoFactorVerification = v }
        ),
        Setting.Choice(
            "secondFactorPolicy",
            "When logins ask for a second factor: off (only twoFactorVerification counts), optional (users who have one), required "
                + "(everybody, always) or newdevices (everybody, on devices that are not remembered).",
            s => s.SecondFactorPolicy,
            (s, v) => s with { SecondFactorPolicy = v }
        ),
        new(
            "secondFactors",
            "The second factors that users can have under secondFactorPolicy: authenticator, sms, passkey, separated by commas.",
            SettingKind.Text,
            SecondFactorKinds.Format,
            SecondFactorKinds.Set
        ),
        Setting.Number(
            "rememberDeviceDays",
            "Days for which a user's device is not asked again for the second factor. 0 means that it is always asked. "
                + "No effect while secondFactorPolicy is off or required.",
            0,
            365,
            s => s.RememberDeviceDays,
            (s, v) => s with { RememberDeviceDays = v }
        ),
        Setting.Switch(
            "passkeysEnabled",
            "Users can have passkeys and sign in with them.",
            s => s.PasskeysEnabled,
            (s, v) => s with { PasskeysEnabled = v }
        ),
        PasskeySettings.RpId,
        PasskeySettings.Origins,
        MobileApps.Apple,
        MobileApps.Android,
        Setting.Choice(
            "passkeyAttestation",
            "Whether authenticators must prove their model: none, or direct with passkeyModels and passkeyRoots.",
            s => s.PasskeyAttestation,
            (s, v) => s with { PasskeyAttestation = v }
        ),
        PasskeySettings.Models,
        PasskeySettings.Roots,
        Setting.Text(
            "googleHeading",
            "The heading in authenticator apps, where colons are left out. If empty, the application's name.",
            64,
            s => s.GoogleHeading,
            (s, v) => s with { GoogleHeading = v }
        ),
        Setting.Switch(
            "resetKeepsTwoFactor",
            "A password reset does not switch the second factor off.",
            s => s.ResetKeepsTwoFactor,
            (s, v) => s with { ResetKeepsTwoFactor = v }
        ),
        Setting.Switch(
            "socialLoginTwoFactor",
            "Logging in with Apple or Google asks for the second factor.",
            s => s.SocialLoginTwoFactor,
            (s, v) => s with { SocialLoginTwoFactor = v }
        ),
        Setting.Switch(
            "stepUpRequired",
            "Changing the second factor or the phone number needs a login or stepUp in the last 15 minutes, or the password (710).",
            s => s.StepUpRequired,
            (s, v) => s with { StepUpRequired = v }
        ),
        Setting.Switch(
            "mailsQrCode",
            "A new authenticator secret is also mailed.",
            s => s.MailsQrCode,
            (s, v) => s with { MailsQrCode = v }
        ),
        Setting.Text(
            "twilioAccountSid",
            "Twilio account SID for SMS.",
            64,
            s => s.TwilioAccountSid,
            (s, v) => s with { TwilioAccountSid = v }
        ),
        Setting.Secret(
            "twilioAuthToken",
            "Twilio auth token. Deleted if twilioAccountSid changes and it is not set again.",
            s => s.TwilioAuthToken,
            (s, v) => s with { TwilioAuthToken = v }
        ) with
        {
            DependsOn = ["twilioAccountSid"],
        },
        Setting.Text(
            "twilioPhoneNumber",
            "The number that sends the SMS.",
            32,
            s => s.TwilioPhoneNumber,
            (s, v) => s with { TwilioPhoneNumber = v }
        ),
        Setting.Switch(
            "passwordFilter",
            "New passwords must meet the minimums below.",
            s => s.PasswordFilter,
            (s, v) => s with { PasswordFilter = v }
        ),
        Setting.Number(
            "passwordMinLength",
            "Minimum number of characters.",
            1,
            128,
            s => s.PasswordMinLength,
            (s, v) => s with { PasswordMinLength = v }
        ),
        Setting.Number(
            "passwordMinUpper",
            "Minimum number of upper-case letters.",
            0,
            32,
            s => s.PasswordMinUpper,
            (s, v) => s with { PasswordMinUpper = v }
        ),
        Setting.Number(
            "passwordMinLower",
            "Minimum number of lower-case letters.",
            0,
            32,
            s => s.PasswordMinLower,
            (s, v) => s with { PasswordMinLower = v }
        ),
        Setting.Number(
            "passwordMinDigit",
            "Minimum number of digits.",
            0,
            32,
            s => s.PasswordMinDigit,
            (s, v) => s with { PasswordMinDigit = v }
        ),
        Setting.Number(
            "passwordMinSpecial",
            "Minimum number of characters other than letters, digits and spaces.",
            0,
            32,
            s => s.PasswordMinSpecial,
            (s, v) => s with { PasswordMinSpecial = v }
        ),
        Setting.Switch(
            "blockCommonPasswords",
            "The most common passwords are refused, as plain text and as MD5 hex.",
            s => s.BlockCommonPasswords,
            (s, v) => s with { BlockCommonPasswords = v }
        ),
        Setting.Choice(
            "passwordFormat",
            "What clients send: the MD5 hex of the password, the password itself, or either.",
            s => s.PasswordFormat,
            (s, v) => s with { PasswordFormat = v }
        ),
        Fields("metaData", "The users' metadata fields, as JSON.", s => s.MetaData, (s, v) => s with { MetaData = v }),
        Fields(
            "metaDataInvite",
            "The invitations' metadata fields, as JSON.",
            s => s.MetaDataInvite,
            (s, v) => s with { MetaDataInvite = v }
        ),
        Setting.Switch("metaDataEmail", "User JWTs contain the claim email.", s => s.MetaDataEmail, (s, v) => s with { MetaDataEmail = v }),
        Setting.HoursOrMinutes(
            "userJWTExpiration",
            "Hours that a user JWT is valid, or minutes with an m, as in 90m. The mode refresh has tokenMinutes instead.",
            maxHours: 87_600,
            s => s.UserJwtMinutes,
            (s, v) => s with { UserJwtMinutes = v }
        ),
        Setting.Number(
            "accessTokenExpiration",
            "Hours that an access token is valid. The mode refresh has tokenMinutes and sessionDays instead.",
            1,
            87_600,
            s => s.AccessTokenExpiration,
            (s, v) => s with { AccessTokenExpiration = v }
        ),
        Setting.Choice(
            "sessionMode",
            "How users stay signed in: classic for apps of the CosyncJWT SDKs, refresh for apps that call refresh. "
                + "An app that does not call it is signed out after tokenMinutes.",
            s => s.SessionMode,
            (s, v) => s with { SessionMode = v }
        ),
        Setting.Number(
            "tokenMinutes",
            "Minutes that a user JWT and an access token are valid in the mode refresh.",
            1,
            1440,
            s => s.TokenMinutes,
            (s, v) => s with { TokenMinutes = v }
        ),
        Setting.Number(
            "sessionDays",
            "Days after which a session of the mode refresh ends, however much it is used.",
            1,
            3650,
            s => s.SessionDays,
            (s, v) => s with { SessionDays = v }
        ),
        Setting.Number(
            "sessionIdleDays",
            "Days without use after which a session of the mode refresh ends. 0 means never.",
            0,
            3650,
            s => s.SessionIdleDays,
            (s, v) => s with { SessionIdleDays = v }
        ),
        Setting.Number(
            "refreshGraceSeconds",
            "Seconds for which a replaced refresh token is answered after the next one was used. Later, it ends the session.",
            0,
            3600,
            s => s.RefreshGraceSeconds,
            (s, v) => s with { RefreshGraceSeconds = v }
        ),
        ProviderSettings.IssuerDomain,
        ProviderSettings.TokenMinutes,
        ProviderSettings.OfflineOutlivesLogout,
        ProviderSettings.AccountPages,
        ProviderSettings.AddressChange,
        ProviderSettings.RedirectUris,
        ClaimMappings.Setting,
        Setting.Number(
            "maxLoginAttempts",
            "Consecutive wrong passwords that lock a user. 0 means never.",
            0,
            1000,
            s => s.MaxLoginAttempts,
            (s, v) => s with { MaxLoginAttempts = v }
        ),
        Setting.Number(
            "maxUsers",
            "Maximum number of users. 0 means no limit.",
            0,
            int.MaxValue,
            s => s.MaxUsers,
            (s, v) => s with { MaxUsers = v }
        ),
        Setting.Number(
            "callsPerSecond",
            "Maximum calls per second, on each node.",
            1,
            1_000_000,
            s => s.CallsPerSecond,
            (s, v) => s with { CallsPerSecond = v }
        ),
        Setting.Number(
            "messagesPerHour",
            "Maximum mails, and the same number of SMS, per hour.",
            1,
            10_000_000,
            s => s.MessagesPerHour,
            (s, v) => s with { MessagesPerHour = v }
        ),
        Setting.Number(
            "anonymousUsersPerHour",
            "Maximum new users without a confirmed address (anonymous, or with signup flow none) per hour from one network.",
            1,
            1_000_000,
            s => s.AnonymousUsersPerHour,
            (s, v) => s with { AnonymousUsersPerHour = v }
        ),
        Setting.Choice(
            "booleanFormat",
            "How getApplication writes flags: 0 and 1, or true and false. The Kotlin SDK needs boolean.",
            s => s.BooleanFormat,
            (s, v) => s with { BooleanFormat = v }
        ),
        Setting.Switch(
            "hideAccountExistence",
            "Responses do not reveal whether an address has an account.",
            s => s.HideAccountExistence,
            (s, v) => s with { HideAccountExistence = v }
        ),
        Setting.Choice(
            "linkCompletes",
            "What completes a signup link: the page's button (post) or opening it (get).",
            s => s.LinkCompletes,
            (s, v) => s with { LinkCompletes = v }
        ),
        Setting.Switch(
            "emailExtension",
            "The application's own provider sends its mail.",
            s => s.EmailExtension,
            (s, v) => s with { EmailExtension = v }
        ),
        Setting.Choice(
            "mailProvider",
            "The kind of the application's own provider.",
            s => s.MailProvider,
            (s, v) => s with { MailProvider = v }
        ),
        Setting.Text("mailFrom", "The sender of the application's mail.", 254, s => s.MailFrom, (s, v) => s with { MailFrom = v }),
        Setting.Text("smtpHost", "SMTP host.", 253, s => s.SmtpHost, (s, v) => s with { SmtpHost = v }),
        Setting.Number("smtpPort", "SMTP port.", 1, 65_535, s => s.SmtpPort, (s, v) => s with { SmtpPort = v }),
        Setting.Choice(
            "smtpSecurity",
            "starttls (port 587) and tls (port 465) require encryption. none sends unencrypted.",
            s => s.SmtpSecurity,
            (s, v) => s with { SmtpSecurity = v }
        ),
        Setting.Text("smtpUser", "SMTP user. Optional.", 254, s => s.SmtpUser, (s, v) => s with { SmtpUser = v }),
        Setting.Secret(
            "smtpPassword",
            "SMTP password. Deleted if smtpHost, smtpPort, smtpSecurity or smtpUser changes and it is not set again.",
            s => s.SmtpPassword,
            (s, v) => s with { SmtpPassword = v }
        ) with
        {
            DependsOn = ["smtpHost", "smtpPort", "smtpSecurity", "smtpUser"],
        },
        Setting.Secret(
            "smtpToken",
            "OAuth 2.0 access token of the SMTP user, in place of the password (XOAUTH2); dropped like smtpPassword.",
            s => s.SmtpToken,
            (s, v) => s with { SmtpToken = v }
        ) with
        {
            DependsOn = ["smtpHost", "smtpPort", "smtpSecurity", "smtpUser"],
        },
        Setting.Secret("sendgridKey", "SendGrid API key.", s => s.SendgridKey, (s, v) => s with { SendgridKey = v }),
        Setting.Text(
            "webhookUrl",
            "Receives every mail as signed JSON if mailProvider is webhook.",
            500,
            s => s.WebhookUrl,
            (s, v) => s with { WebhookUrl = v }
        ),
        Setting.Secret(
            "webhookSecret",
            "The key for the webhook's signatures.",
            s => s.WebhookSecret,
            (s, v) => s with { WebhookSecret = v }
        ),
        Setting.Number(
            "anonymousRetentionDays",
            "Days after which anonymous users without a login or a valid access token are removed. 0 means never.",
            0,
            3650,
            s => s.AnonymousRetentionDays,
            (s, v) => s with { AnonymousRetentionDays = v }
        ),
        new(
            "locales",
            "The locales that users can choose, separated by commas. EN is always included.",
            SettingKind.Locales,
            s => string.Join(',', s.Locales),
            SetLocales
        ),
    ];

    public static Setting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    /// <summary>Gets a setting by a name that is a constant in code.</summary>
    /// <exception cref="KeyNotFoundException">There is no such setting.</exception>
    public static Setting Get(string name) => Find(name) ?? throw new KeyNotFoundException($"there is no setting {name}");

    /// <summary>
    /// The settings without those secrets whose <see cref="Setting.DependsOn"/> changed and that were not set again. Otherwise, someone who
    /// may change a host could have the stored password sent to it.
    /// </summary>
    public static ApplicationSettings ClearDependentSecrets(
        ApplicationSettings before,
        ApplicationSettings after,
        IEnumerable<string> given
    ) =>
        All.Where(secret =>
                secret.DependsOn.Any(name => Get(name).Format(before) != Get(name).Format(after))
                && !given.Contains(secret.Name, StringComparer.Ordinal)
            )
            .Aggregate(
                after,
                (settings, secret) =>
                    secret.Set(settings, "").Value ?? throw new InvalidOperationException($"{secret.Name} cannot be cleared")
            );

    /// <summary>The secrets that a change has deleted this way.</summary>
    public static IReadOnlyList<string> ClearedSecrets(ApplicationSettings before, ApplicationSettings after, IEnumerable<string> given) =>
        [
            .. All.Where(setting => setting.DependsOn.Count > 0 && setting.Format(before).Length > 0 && setting.Format(after).Length == 0)
                .Select(secret => secret.Name)
                .Except(given, StringComparer.Ordinal),
        ];

    /// <summary>Validates rules between settings; returns the first violation as a sentence.</summary>
    public static Error? Validate(ApplicationSettings settings)
    {
        if (settings is { HideAccountExistence: true, SignupFlow: SignupFlow.None })
        {
            return Setting.Invalid(
                "hideAccountExistence requires the signup flow code or link. With none, signup reveals whether an address has "
                    + "an account."
            );
        }

        return SecondFactorKinds.Validate(settings)
            ?? PasskeySettings.Validate(settings)
            ?? LoginLink.Validate(settings)
            ?? MetadataFields.Validate(settings.MetaData, settings.MetaDataInvite)
            ?? (settings.SessionMode == SessionMode.Refresh ? MetadataFields.ValidateForSessions(settings) : null);
    }

    private static Setting Fields(
        string name,
        string meaning,
        Func<ApplicationSettings, IReadOnlyList<MetadataField>> get,
        Func<ApplicationSettings, IReadOnlyList<MetadataField>, ApplicationSettings> set
    ) =>
        new(
            name,
            meaning,
            SettingKind.Fields,
            s => MetadataFields.Write(get(s)),
            (s, text) => MetadataFields.Parse(name, text).Failed(out var fields, out var error) ? error : set(s, fields)
        );

    private static Result<ApplicationSettings> SetLocales(ApplicationSettings settings, string text)
    {
        var codes = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(LanguageTag.Canonicalize)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return codes.Contains(null)
            ? Setting.Invalid("locales must be language tags such as EN,FR,PT-BR,ES-419,ZH-HANT-TW.")
            : settings with
            {
                Locales = ["EN", .. codes.OfType<string>().Where(code => code != "EN")],
            };
    }
}
