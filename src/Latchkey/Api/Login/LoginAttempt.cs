namespace Latchkey.Api.Login;

/// <summary>What a counted try may still do.</summary>
public enum LoginAttempt
{
    Allowed,

    /// <summary>If it fails, the user is locked (maxLoginAttempts).</summary>
    Last,

    /// <summary>The user is locked: nothing is evaluated.</summary>
    Locked,
}
