namespace Latchkey.Users.Registration;

/// <summary>An invitation: its code lets a user register with its address.</summary>
public sealed record Invitation
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string Handle { get; init; } = "";

    /// <summary>The one key of all spellings of the handle.</summary>
    public string HandleKey => Core.Handle.KeyOf(Handle);

    /// <summary>The senderUserId as given; not interpreted by Latchkey.</summary>
    public string Sender { get; init; } = "";

    /// <summary>The inviting user; null for a server or the portal.</summary>
    public string? InviterUserId { get; init; }

    /// <summary>
    /// An <see cref="InvitationStatus"/>: pending, active (registered), or superseded when another invitation was accepted.
    /// </summary>
    public string Status { get; init; } = InvitationStatus.Pending;

    public string CodeHash { get; init; } = "";

    public string Metadata { get; init; } = "{}";

    public string Locale { get; init; } = "EN";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
