using System.Text.Json.Serialization;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Applications.Settings;

/// <summary>
/// An application's settings, under the names of the wire contract, with the defaults of a new one. Stored as one JSON document, so
/// that a new setting needs no migration.
/// </summary>
public sealed record ApplicationSettings
{
    public bool JwtEnabled { get; init; } = true;

    /// <summary>MongoDB Realm application id: the <c>aud</c> of user JWTs; empty for <c>none</c>.</summary>
    public string RealmAppId { get; init; } = "";

    public bool SignupEnabled { get; init; } = true;

    public SignupFlow SignupFlow { get; init; } = SignupFlow.Code;

    /// <summary>People can sign up without a password, and add a passkey once their address is confirmed.</summary>
    public bool PasswordOptional { get; init; }

    public bool InvitationEnabled { get; init; } = true;

    public bool UserNamesEnabled { get; init; }

    public bool AnonymousLoginEnabled { get; init; }

    public bool AppleLoginEnabled { get; init; }

    /// <summary>Allowed audiences of Apple ID tokens, comma-separated.</summary>
    public string AppleBundleId { get; init; } = "";

    public bool GoogleLoginEnabled { get; init; }

    /// <summary>Allowed audiences of Google ID tokens, comma-separated.</summary>
    public string GoogleClientId { get; init; } = "";

    /// <summary>An ID token is accepted only with the nonce that the app gave to the provider.</summary>
    public bool SocialNonceRequired { get; init; }

    /// <summary>Users can sign in with a code or link by mail.</summary>
    public bool EmailCodeLogin { get; init; }

    /// <summary>Users can sign in with a code by SMS to their verified number.</summary>
    public bool SmsCodeLogin { get; init; }

    /// <summary>A mailed login code signs an unknown address up, if <see cref="SignupEnabled"/>.</summary>
    public bool SignupByCode { get; init; }

    /// <summary>Where the links of login codes lead: an address that the application catches; empty for this server's own page.</summary>
    public string LoginLinkUrl { get; init; } = "";

    /// <summary>Whether the mailed login code signs an unknown address up.</summary>
    [JsonIgnore]
    public bool CodesSignUp => EmailCodeLogin && SignupByCode && SignupEnabled;

    /// <summary>
    /// Users can link identities of Apple and Google, and sign in with any of them. On in new applications; a document without it is of an
    /// application that is older, and its apps know the contract's one way in only.
    /// </summary>
    public bool LinkingEnabled { get; init; } = true;

    public TwoFactorMethod TwoFactorVerification { get; init; } = TwoFactorMethod.None;

    /// <summary>The factors that users can have under a policy: names of <see cref="SecondFactorKinds"/>.</summary>
    public IReadOnlyList<string> SecondFactors { get; init; } = [SecondFactorKinds.Authenticator];

    public SecondFactorPolicy SecondFactorPolicy { get; init; } = SecondFactorPolicy.Off;

    /// <summary>Days for which a device is not asked again for the second factor; 0 for never remembered.</summary>
    public int RememberDeviceDays { get; init; }

    /// <summary>Whether second factors work as <see cref="SecondFactorPolicy"/> says, and not only as the contract has them.</summary>
    [JsonIgnore]
    public bool HasFactorPolicy => SecondFactorPolicy != SecondFactorPolicy.Off;

    /// <summary>Whether a user without a second factor must set one up to log in.</summary>
    [JsonIgnore]
    public bool RequiresFactor => SecondFactorPolicy is SecondFactorPolicy.Required or SecondFactorPolicy.NewDevices;

    [JsonIgnore]
    public bool AllowsAuthenticator => TwoFactorVerification == TwoFactorMethod.Google || AllowsByPolicy(SecondFactorKinds.Authenticator);

    [JsonIgnore]
    public bool AllowsSms => TwoFactorVerification == TwoFactorMethod.Phone || AllowsByPolicy(SecondFactorKinds.Sms);

    /// <summary>Users can have passkeys and sign in with them.</summary>
    public bool PasskeysEnabled { get; init; }

    /// <summary>
    /// The relying party's id: the domain for which passkeys are made. Set to the public URL's host when passkeys are switched on, and
    /// never changed by itself, because passkeys of another id are lost.
    /// </summary>
    public string PasskeyRpId { get; init; } = "";

    /// <summary>Origins of pages and apps that may use passkeys; empty for the relying party's own.</summary>
    public IReadOnlyList<string> PasskeyOrigins { get; init; } = [];

    /// <summary>Whether authenticators must prove their model.</summary>
    public PasskeyAttestation PasskeyAttestation { get; init; } = PasskeyAttestation.None;

    /// <summary>The allowed models, as AAGUIDs, with <see cref="PasskeyAttestation.Direct"/>.</summary>
    public IReadOnlyList<string> PasskeyModels { get; init; } = [];

    /// <summary>The certificates (DER in base64) that the models' certificates must lead to.</summary>
    public IReadOnlyList<string> PasskeyRoots { get; init; } = [];

    /// <summary>Apple apps that share passkeys with the domain: team id and bundle id (<see cref="MobileApps"/>).</summary>
    public IReadOnlyList<string> AppleApps { get; init; } = [];

    /// <summary>Android apps that share passkeys with the domain: package, = and certificate fingerprint.</summary>
    public IReadOnlyList<string> AndroidApps { get; init; } = [];

    /// <summary>
    /// Whether a passkey is a second factor of the password. Where a factor is required every passkey is one, so that taking passkeys from
    /// <see cref="SecondFactors"/> opens no account to its password alone.
    /// </summary>
    [JsonIgnore]
    public bool CountsPasskeysAsFactor => PasskeysEnabled && (RequiresFactor || AllowsByPolicy(SecondFactorKinds.Passkey));

    /// <summary>Whether users can set a passkey up as their second factor during a login.</summary>
    [JsonIgnore]
    public bool AllowsPasskeyFactor => PasskeysEnabled && AllowsByPolicy(SecondFactorKinds.Passkey);

    /// <summary>The heading (issuer) that authenticator apps show; empty for the application's name.</summary>
    public string GoogleHeading { get; init; } = "";

    public bool ResetKeepsTwoFactor { get; init; } = true;

    /// <summary>Logging in with Apple or Google asks for the user's second factor.</summary>
    public bool SocialLoginTwoFactor { get; init; } = true;

    /// <summary>Changing the second factor or the phone number needs a login in the last 15 minutes, or the password.</summary>
    public bool StepUpRequired { get; init; } = true;

    public bool MailsQrCode { get; init; } = true;

    public string TwilioAccountSid { get; init; } = "";

    public string TwilioAuthToken { get; init; } = "";

    public string TwilioPhoneNumber { get; init; } = "";

    public bool PasswordFilter { get; init; }

    public int PasswordMinLength { get; init; } = 8;

    public int PasswordMinUpper { get; init; } = 1;

    public int PasswordMinLower { get; init; } = 1;

    public int PasswordMinDigit { get; init; } = 1;

    public int PasswordMinSpecial { get; init; } = 1;

    public bool BlockCommonPasswords { get; init; } = true;

    public PasswordFormat PasswordFormat { get; init; } = PasswordFormat.Both;

    public IReadOnlyList<MetadataField> MetaData { get; init; } = [];

    public IReadOnlyList<MetadataField> MetaDataInvite { get; init; } = [];

    /// <summary>"Automatically add e-mail": the claim <c>email</c> in user JWTs.</summary>
    public bool MetaDataEmail { get; init; } = true;

    /// <summary>The lifetime of user JWTs in the mode classic, in minutes.</summary>
    [JsonPropertyName("userJWTMinutes")]
    public int UserJwtMinutes { get; init; } = 24 * 60;

    /// <summary>The lifetime of access tokens, and so of sessions, in the mode classic; in hours.</summary>
    public int AccessTokenExpiration { get; init; } = 720;

    public SessionMode SessionMode { get; init; } = SessionMode.Classic;

    /// <summary>The lifetime of user JWTs and access tokens in the mode refresh, in minutes.</summary>
    public int TokenMinutes { get; init; } = 5;

    /// <summary>Days after which a session of the mode refresh ends, however much it is used.</summary>
    public int SessionDays { get; init; } = 365;

    /// <summary>Days without use after which a session of the mode refresh ends; 0 for never.</summary>
    public int SessionIdleDays { get; init; } = 90;

    /// <summary>How long a replaced refresh token is still answered after its successor was used, in seconds.</summary>
    public int RefreshGraceSeconds { get; init; } = 60;

    /// <summary>The lifetime of user JWTs.</summary>
    [JsonIgnore]
    public TimeSpan UserJwtLifetime => TimeSpan.FromMinutes(SessionMode == SessionMode.Refresh ? TokenMinutes : UserJwtMinutes);

    /// <summary>The lifetime of access tokens; a session may end earlier.</summary>
    [JsonIgnore]
    public TimeSpan AccessTokenLifetime =>
        SessionMode == SessionMode.Refresh ? TimeSpan.FromMinutes(TokenMinutes) : TimeSpan.FromHours(AccessTokenExpiration);

    /// <summary>How long a session lasts, however much it is used.</summary>
    [JsonIgnore]
    public TimeSpan SessionLifetime =>
        SessionMode == SessionMode.Refresh ? TimeSpan.FromDays(SessionDays) : TimeSpan.FromHours(AccessTokenExpiration);

    /// <summary>How long a session lasts without use; null for as long as with it.</summary>
    [JsonIgnore]
    public TimeSpan? SessionIdleLifetime =>
        SessionMode == SessionMode.Refresh && SessionIdleDays > 0 ? TimeSpan.FromDays(SessionIdleDays) : null;

    /// <summary>The domain of the application that its OpenID issuer has; empty for an issuer below the public URL.</summary>
    public string IssuerDomain { get; init; } = "";

    /// <summary>The lifetime of the provider's ID tokens, and of access tokens that are for no resource of the application.</summary>
    public int ProviderTokenMinutes { get; init; } = 60;

    /// <summary>Whether what a user granted with offline_access lives on when the session in the browser is signed out.</summary>
    public bool OfflineOutlivesLogout { get; init; }

    /// <summary>Users can manage their accounts on this server's pages, at <c>account</c> below the issuer.</summary>
    public bool AccountPages { get; init; } = true;

    /// <summary>
    /// Users can change their address there. On in new applications; a document without it is of an application that is older, and other
    /// systems may know its users by their address.
    /// </summary>
    public bool AddressChangeEnabled { get; init; } = true;

    /// <summary>Where a browser may come back to that an app has opened to sign a user in with another provider.</summary>
    public IReadOnlyList<string> ProviderRedirectUris { get; init; } = [];

    /// <summary>The claims of users that come from metadata fields.</summary>
    public IReadOnlyList<ClaimMapping> ClaimMappings { get; init; } = [];

    /// <summary>Consecutive failures that lock a user; 0 for never.</summary>
    public int MaxLoginAttempts { get; init; }

    /// <summary>0 for no limit.</summary>
    public int MaxUsers { get; init; }

    /// <summary>Calls per second and node.</summary>
    public int CallsPerSecond { get; init; } = 200;

    /// <summary>Mails per hour, and SMS per hour.</summary>
    public int MessagesPerHour { get; init; } = 1000;

    /// <summary>New anonymous users per network and hour.</summary>
    public int AnonymousUsersPerHour { get; init; } = 30;

    public BooleanFormat BooleanFormat { get; init; } = BooleanFormat.Number;

    public bool HideAccountExistence { get; init; }

    public LinkCompletion LinkCompletes { get; init; } = LinkCompletion.Post;

    /// <summary>Send mail through the application's own provider.</summary>
    public bool EmailExtension { get; init; }

    public MailService MailProvider { get; init; } = MailService.Smtp;

    public string MailFrom { get; init; } = "";

    public string SmtpHost { get; init; } = "";

    public int SmtpPort { get; init; } = 587;

    public SmtpSecurity SmtpSecurity { get; init; } = SmtpSecurity.StartTls;

    public string SmtpUser { get; init; } = "";

    public string SmtpPassword { get; init; } = "";

    /// <summary>An OAuth 2.0 access token in place of the password.</summary>
    public string SmtpToken { get; init; } = "";

    public string SendgridKey { get; init; } = "";

    public string WebhookUrl { get; init; } = "";

    public string WebhookSecret { get; init; } = "";

    /// <summary>Days of inactivity after which anonymous users are deleted; 0 for never.</summary>
    public int AnonymousRetentionDays { get; init; }

    /// <summary>Language tags in upper case (<see cref="LanguageTag"/>); always contains EN.</summary>
    public IReadOnlyList<string> Locales { get; init; } = ["EN"];

    private bool AllowsByPolicy(string factor) => HasFactorPolicy && SecondFactors.Contains(factor, StringComparer.Ordinal);
}
