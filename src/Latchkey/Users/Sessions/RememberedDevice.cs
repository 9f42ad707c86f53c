namespace Latchkey.Users.Sessions;

/// <summary>A device on which a login does not ask for the second factor. The device holds a token; its hash is stored.</summary>
public sealed record RememberedDevice
{
    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    public string UserId { get; init; } = "";

    public string TokenHash { get; init; } = "";

    /// <summary>What the app called the device; empty if it gave no name.</summary>
    public string DeviceName { get; init; } = "";

    /// <summary>The client's address when it was remembered.</summary>
    public string Client { get; init; } = "";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
