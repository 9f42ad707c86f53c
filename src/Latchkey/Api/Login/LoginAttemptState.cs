namespace Latchkey.Api.Login;

/// <summary>The state of a counted attempt.</summary>
public enum LoginAttemptState
{
    Allowed,

    /// <summary>If it fails, the user is locked (maxLoginAttempts).</summary>
    Last,

    /// <summary>The user is locked; the password is not verified.</summary>
    Locked,
}
