namespace Latchkey.Messages.Outbox;

/// <summary>Kinds of messages; also the names of the templates in the portal.</summary>
public static class MessageKind
{
    public const string SignUp = "signUp";
    public const string SignUpLink = "signUpLink";
    public const string SignUpSuccess = "signUpSuccess";
    public const string ResetPassword = "resetPassword";
    public const string Invite = "invite";
    public const string QrCode = "qrCode";
    public const string Sms = "sms";

    /// <summary>The mail with the code and link of a login without a password.</summary>
    public const string LoginCode = "loginCode";

    /// <summary>The same by SMS.</summary>
    public const string LoginCodeSms = "loginCodeSms";

    /// <summary>The mailed code by which a user who is signed in proves again who they are.</summary>
    public const string StepUpCode = "stepUpCode";

    /// <summary>The code mailed to an address that a user wants to have.</summary>
    public const string AddressCode = "addressCode";
    public const string AccountExists = "accountExists";
    public const string SocialAccount = "socialAccount";

    /// <summary>A user has another address; sent to the old one.</summary>
    public const string AddressChanged = "addressChanged";
    public const string PhoneChanged = "phoneChanged";
    public const string SecondFactorOn = "secondFactorOn";
    public const string SecondFactorOff = "secondFactorOff";

    /// <summary>A user linked an identity of Apple or Google.</summary>
    public const string IdentityLinked = "identityLinked";
    public const string IdentityUnlinked = "identityUnlinked";
    public const string PasswordChanged = "passwordChanged";
    public const string UserLocked = "userLocked";

    /// <summary>Many networks are guessing a user's password.</summary>
    public const string PasswordGuessing = "passwordGuessing";

    /// <summary>Somebody who knows a user's password enters wrong codes of the second factor.</summary>
    public const string CodeGuessing = "codeGuessing";

    /// <summary>A replaced refresh token came back, and its session was ended.</summary>
    public const string SessionStolen = "sessionStolen";

    /// <summary>A login was completed with a recovery code.</summary>
    public const string RecoveryCodeUsed = "recoveryCodeUsed";

    /// <summary>Two recovery codes are left.</summary>
    public const string RecoveryCodesLow = "recoveryCodesLow";

    /// <summary>A user has a new passkey.</summary>
    public const string PasskeyAdded = "passkeyAdded";
    public const string PasskeyRemoved = "passkeyRemoved";
    public const string ClickThrough = "clickThrough";

    /// <summary>A test message for trying a provider.</summary>
    public const string Test = "test";

    /// <summary>Templates that a developer may replace, in the portal's order: the documented ones, then the notices.</summary>
    public static IReadOnlyList<string> Editable { get; } =
    [
        SignUp,
        SignUpLink,
        ClickThrough,
        SignUpSuccess,
        ResetPassword,
        Invite,
        QrCode,
        Sms,
        LoginCode,
        LoginCodeSms,
        StepUpCode,
        AddressCode,
        AccountExists,
        SocialAccount,
        PasswordChanged,
        AddressChanged,
        PhoneChanged,
        SecondFactorOn,
        SecondFactorOff,
        IdentityLinked,
        IdentityUnlinked,
        UserLocked,
        PasswordGuessing,
        CodeGuessing,
        SessionStolen,
        RecoveryCodeUsed,
        RecoveryCodesLow,
        PasskeyAdded,
        PasskeyRemoved,
    ];

    /// <summary>Whether messages of the kind go to a phone.</summary>
    public static bool IsSms(string kind) => kind is Sms or LoginCodeSms;

    /// <summary>The kinds that are sent.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Editable.Where(kind => kind != ClickThrough), Test];
}
