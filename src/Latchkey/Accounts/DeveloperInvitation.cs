using Latchkey.Applications;

namespace Latchkey.Accounts;

/// <summary>A pending invitation.</summary>
public sealed record DeveloperInvitation
{
    public string Id { get; init; } = "";

    /// <summary>SHA-256 of the token in the link.</summary>
    public string TokenHash { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>The application to join; null for the installation only.</summary>
    public string? AppId { get; init; }

    public string? AppName { get; init; }

    /// <summary>The role in the application, if any.</summary>
    public Role Role { get; init; }

    /// <summary>The inviter's address at that time.</summary>
    public string InvitedBy { get; init; } = "";

    /// <summary>The inviter's account id.</summary>
    public string InviterId { get; init; } = "";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
