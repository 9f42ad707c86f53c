namespace Latchkey.Users.Sessions;

/// <summary>A code that one known user was sent, or the second step of its login.</summary>
public sealed record UserCode
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>A <see cref="CodePurpose"/>: a code is good for nothing else.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The keyed hash; empty where the code is made elsewhere (an authenticator app).</summary>
    public string CodeHash { get; init; } = "";

    /// <summary>What the code confirms: the phone number, say.</summary>
    public string Detail { get; init; } = "";

    public int Tries { get; init; }

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public long? UsedAt { get; init; }
}
