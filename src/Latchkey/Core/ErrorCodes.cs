using System.Reflection;

namespace Latchkey.Core;

/// <summary>All error codes sent to clients, in the order of the contract. 700 and up are Latchkey's own.</summary>
public static class ErrorCodes
{
    public static readonly Error InvalidAppToken = new(400, "invalid app token");
    public static readonly Error AppNoLongerExists = new(401, "app no longer exists");
    public static readonly Error AppSuspended = new(402, "app is suspended");
    public static readonly Error MissingParameter = new(403, "missing parameter");
    public static readonly Error UserSuspended = new(404, "user account is suspended");
    public static readonly Error InvalidAccessToken = new(405, "invalid access token");
    public static readonly Error InvitationsDisabled = new(406, "app does not support invitation");
    public static readonly Error SignupDisabled = new(407, "app does not support signup");
    public static readonly Error GoogleTwoFactorDisabled = new(408, "app does not support google two-factor verification");
    public static readonly Error PhoneTwoFactorDisabled = new(409, "app does not support phone two-factor verification");
    public static readonly Error NoVerifiedPhone = new(410, "user does not have a verified phone number");
    public static readonly Error SignupCodeExpired = new(411, "signup code expired");
    public static readonly Error PhoneInUse = new(412, "phone number already in use");
    public static readonly Error AppMigrated = new(413, "app is migrated");
    public static readonly Error AnonymousLoginDisabled = new(414, "app does not support anonymous login");
    public static readonly Error AppleLoginDisabled = new(415, "app does not support Apple authentication");
    public static readonly Error GoogleLoginDisabled = new(416, "app does not support Google authentication");

    public static readonly Error Internal = new(500, "internal server error", StatusCodes.Status500InternalServerError);
    public static readonly Error AccessTokenExpired = new(501, "access token expired");

    public static readonly Error InvalidCredentials = new(600, "invalid login credentials");
    public static readonly Error HandleRegistered = new(601, "handle already registered");
    public static readonly Error InvalidData = new(602, "invalid data");
    public static readonly Error AccountNotFound = new(603, "account does not exist");
    public static readonly Error InvalidMetadata = new(604, "invalid metadata");
    public static readonly Error UserNameTaken = new(605, "user name already assigned");
    public static readonly Error UserNamesDisabled = new(606, "app does not support user name login");
    public static readonly Error UserNameNotFound = new(607, "user name does not exist");
    public static readonly Error NotVerified = new(608, "account has not been verified");
    public static readonly Error InvalidLocale = new(609, "invalid locale");
    public static readonly Error EmailAccountExists = new(610, "email account already exists");
    public static readonly Error AppleAccountExists = new(611, "Apple account already exists");
    public static readonly Error GoogleAccountExists = new(612, "Google account already exists");
    public static readonly Error InvalidToken = new(613, "token is invalid");

    public static readonly Error TooManyAttempts = new(700, "too many attempts", StatusCodes.Status429TooManyRequests);
    public static readonly Error ServerBusy = new(701, "server busy", StatusCodes.Status503ServiceUnavailable);
    public static readonly Error PasswordPolicy = new(702, "password does not meet the policy");
    public static readonly Error MessageNotSent = new(703, "message could not be sent");
    public static readonly Error TooManyUsers = new(704, "maximum number of users reached");

    /// <summary>For the portal only; seen in the application's log.</summary>
    public static readonly Error InsufficientRole = new(705, "role does not allow this", StatusCodes.Status403Forbidden);

    /// <summary>Log in again, or send the password: the login is older than 15 minutes.</summary>
    public static readonly Error StepUpRequired = new(710, "recent login required");

    /// <summary>Not a refresh token of this application.</summary>
    public static readonly Error InvalidRefreshToken = new(711, "invalid refresh token");

    /// <summary>Sign in again. The message says why the session ended.</summary>
    public static readonly Error SessionEnded = new(712, "session has ended");

    public static readonly Error SessionNotFound = new(713, "session does not exist");

    /// <summary>The application's secondFactorPolicy is off.</summary>
    public static readonly Error SecondFactorsDisabled = new(714, "app does not support this for second factors");

    /// <summary>The user's last factor cannot be switched off.</summary>
    public static readonly Error LastSecondFactor = new(715, "app requires a second factor");

    public static readonly Error PasskeysDisabled = new(716, "app does not support passkeys");

    /// <summary>The answer of the authenticator is wrong, or belongs to another request. The log has the cause.</summary>
    public static readonly Error InvalidPasskey = new(717, "passkey is invalid");

    public static readonly Error PasskeyNotFound = new(718, "passkey does not exist");

    /// <summary>Without it, the user could not sign in any more.</summary>
    public static readonly Error LastWayIn = new(719, "the last way to sign in cannot be removed");

    public static readonly Error StorageDisabled = new(720, "app does not support storage");
    public static readonly Error AssetNotFound = new(721, "asset does not exist");
    public static readonly Error StorageQuotaExceeded = new(722, "storage quota exceeded");
    public static readonly Error FileNotAllowed = new(723, "file is too large or its type is not allowed");
    public static readonly Error UploadMismatch = new(724, "file is missing or is not what was announced");

    /// <summary>The application's bucket does not answer, or refuses the application's keys.</summary>
    public static readonly Error StorageUnavailable = new(725, "storage is unavailable", StatusCodes.Status503ServiceUnavailable);

    public static readonly Error LoginCodesDisabled = new(730, "app does not support login codes");

    /// <summary>Used, expired, guessed at too often, or not asked for by this app on this device. Ask for a new one.</summary>
    public static readonly Error LoginCodeEnded = new(731, "login code is no longer valid");

    public static readonly Error LinkingDisabled = new(740, "app does not support linking");

    /// <summary>Users are never merged.</summary>
    public static readonly Error IdentityTaken = new(741, "identity belongs to another user");

    public static readonly Error LinkNotFound = new(742, "link does not exist");

    /// <summary>The user has allowed nothing to this client of the OpenID provider.</summary>
    public static readonly Error ConsentNotFound = new(753, "consent does not exist");

    // Clients of the OpenID provider, which servers and developers manage
    public static readonly Error ClientNotFound = new(750, "client does not exist");
    public static readonly Error ResourceNotFound = new(751, "resource does not exist");
    public static readonly Error ClientSecretNotFound = new(752, "client secret does not exist");

    // Providers that users sign in with on the pages of the OpenID provider
    public static readonly Error ProviderNotFound = new(850, "provider does not exist");

    /// <summary>It is switched off, or the application never had it.</summary>
    public static readonly Error ProviderDisabled = new(851, "provider is not available");

    /// <summary>The provider refused, did not answer, or its answer does not hold. Begin again.</summary>
    public static readonly Error ProviderSignInFailed = new(852, "sign-in with the provider failed");

    /// <summary>The user, or the provider, broke off.</summary>
    public static readonly Error ProviderSignInCancelled = new(853, "sign-in with the provider was cancelled");

    /// <summary>Begun in another browser, used, or too old.</summary>
    public static readonly Error ProviderSignInEnded = new(854, "sign-in with the provider has expired");

    /// <summary>The request wanted a new sign-in, and the provider let the user in by an earlier one.</summary>
    public static readonly Error ProviderSignInTooOld = new(855, "sign-in at the provider is too old");

    // How an application looks on the pages of its users
    public static readonly Error BrandVersionNotFound = new(875, "branding has no such version");

    // Requests that reach no function use the same code: clients check the HTTP status first.
    public static readonly Error UnknownRoute = InvalidData with
    {
        Message = "no such function",
        HttpStatus = StatusCodes.Status404NotFound,
    };
    public static readonly Error MethodNotAllowed = InvalidData with
    {
        Message = "wrong HTTP method",
        HttpStatus = StatusCodes.Status405MethodNotAllowed,
    };
    public static readonly Error BodyTooLarge = InvalidData with
    {
        Message = "request body too large",
        HttpStatus = StatusCodes.Status413PayloadTooLarge,
    };
    public static readonly Error UnsupportedMediaType = InvalidData with
    {
        Message = "send JSON or a form",
        HttpStatus = StatusCodes.Status415UnsupportedMediaType,
    };
    public static readonly Error BadRequest = InvalidData with { Message = "bad request" };

    private static readonly Dictionary<int, string> Meanings = typeof(ErrorCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetValue(null))
        .OfType<Error>()
        .GroupBy(error => error.Code)
        .ToDictionary(group => group.Key, group => group.First().Message);

    /// <summary>The meaning of an error code in the log; empty for an unknown one.</summary>
    public static string Meaning(int code) => Meanings.GetValueOrDefault(code, "");
}
