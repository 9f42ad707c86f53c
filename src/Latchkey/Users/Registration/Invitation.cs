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

    /// <summary>The inviter's network; empty for the portal and the command line.</summary>
    public string Network { get; init; } = "";

    /// <summary>An <see cref="InvitationStatus"/>.</summary>
    public string Status { get; init; } = InvitationStatus.Pending;

    public string CodeHash { get; init; } = "";

    /// <summary>The keyed hash of the token of the link that is mailed with the code.</summary>
    public string LinkHash { get; init; } = "";

    public string Metadata { get; init; } = "{}";

    public string Locale { get; init; } = "EN";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }
}
