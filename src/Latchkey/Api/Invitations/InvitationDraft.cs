namespace Latchkey.Api.Invitations;

/// <summary>An invitation whose parameters were good.</summary>
/// <param name="Handle">The invited address.</param>
/// <param name="Sender">The inviter, as the app names it; may be empty.</param>
/// <param name="Metadata">The invite fields, a JSON document.</param>
/// <param name="Locale">The language of the mail.</param>
public sealed record InvitationDraft(string Handle, string Sender, string Metadata, string Locale);
