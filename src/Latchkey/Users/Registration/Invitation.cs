namespace Latchkey.Users.Registration;

/// <summary>An invitation: whoever has its code may register under its address.</summary>
public sealed record Invitation
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string Handle { get; init; } = "";

    /// <summary>The senderUserId as it was given; Latchkey does not interpret it.</summary>
    public string Sender { get; init; } = "";

    /// <summary>The user who invited; null for a server or the portal.</summary>
    public string? InviterUserId { get; init; }

    /// <summary>pending, active (registered), or superseded by another invitation's success.</summary>
    public string Status { get; init; } = InvitationStatus.Pending;

    public string CodeHash { get; init; } = "";

    public string Metadata { get; init; } = "{}";

    public string Locale { get; init; } = "EN";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
