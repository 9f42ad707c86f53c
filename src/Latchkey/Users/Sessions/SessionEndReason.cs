namespace Latchkey.Users.Sessions;

/// <summary>Why a session ended. New reasons are added at the end: the names are stored.</summary>
public enum SessionEndReason
{
    /// <summary>The user signed out on this device.</summary>
    SignedOut,

    /// <summary>The user ended it from another session.</summary>
    SignedOutElsewhere,

    /// <summary>The user changed the password in another session.</summary>
    PasswordChanged,

    /// <summary>
    /// The password was reset, or set by the developer; or removed, because the address was proved for the first time.
    /// </summary>
    PasswordReset,

    /// <summary>The user was suspended.</summary>
    Suspended,

    /// <summary>It reached its maximum age.</summary>
    Expired,

    /// <summary>It was not used for too long.</summary>
    Idle,

    /// <summary>The user signed in on too many devices; this was the oldest session.</summary>
    TooMany,

    /// <summary>A refresh token came again that had been replaced: somebody else has a copy of it.</summary>
    RefreshTokenReused,

    /// <summary>A developer, an operator or the application's server ended it.</summary>
    Operator,

    /// <summary>The anonymous user became a user with an address.</summary>
    Upgraded,
}
