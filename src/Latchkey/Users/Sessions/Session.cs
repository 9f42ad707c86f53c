namespace Latchkey.Users.Sessions;

/// <summary>What an access token stands for; ended by logout, suspension, reset and deletion at once.</summary>
public sealed record Session
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>The client's address when it was opened.</summary>
    public string Client { get; init; } = "";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public long? EndedAt { get; init; }
}
