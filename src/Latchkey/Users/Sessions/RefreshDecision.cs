namespace Latchkey.Users.Sessions;

/// <summary>What a refresh token of a known grant leads to.</summary>
public enum RefreshDecision
{
    /// <summary>The newest, or one that is ahead of the database after a restore: the next generation.</summary>
    Rotate,

    /// <summary>A replaced one whose successor is unused, or was first used a moment ago: the newest again.</summary>
    Repeat,

    /// <summary>A replaced one whose successor has been in use: there are two copies, so the session ends.</summary>
    Reused,
}
