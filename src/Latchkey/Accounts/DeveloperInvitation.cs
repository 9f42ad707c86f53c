using Latchkey.Applications;

namespace Latchkey.Accounts;

/// <summary>Somebody who was invited and has not answered yet.</summary>
public sealed record DeveloperInvitation
{
    public string Id { get; init; } = "";

    /// <summary>SHA-256 of the token in the link.</summary>
    public string TokenHash { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>The application they are to join; null for the installation alone.</summary>
    public string? AppId { get; init; }

    public string? AppName { get; init; }

    /// <summary>The role in the application; none without one.</summary>
    public Role Role { get; init; }

    /// <summary>The inviter's address, as it was then.</summary>
    public string InvitedBy { get; init; } = "";

    /// <summary>The inviter's account.</summary>
    public string InviterId { get; init; } = "";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
