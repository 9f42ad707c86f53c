namespace Latchkey.Users.Sessions;

/// <summary>The session of an access token. Logout, suspension, password reset and deletion end it immediately.</summary>
public sealed record Session
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>The client's address when the session was opened.</summary>
    public string Client { get; init; } = "";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public long? EndedAt { get; init; }
}
