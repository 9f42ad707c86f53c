using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>The values of a portal mail's macros.</summary>
/// <param name="Client">The address of the client that made the request.</param>
/// <param name="Link">Path and query of a portal page.</param>
/// <param name="ActorName">The person who invites.</param>
/// <param name="Application">The application concerned.</param>
/// <param name="Role">A role in the application.</param>
/// <param name="Number">A number to show.</param>
/// <param name="Status">The application's status.</param>
/// <param name="Text">A reason or petition, as typed.</param>
/// <param name="ExpiresAt">When the link expires, in unix milliseconds; null when it does not.</param>
public sealed record PortalMailValues(
    string Client = "",
    string? Link = null,
    string ActorName = "",
    string Application = "",
    string Role = "",
    int Number = 0,
    string Status = "",
    string Text = "",
    long? ExpiresAt = null
)
{
    /// <summary>A code of <see cref="Languages"/>. Mails of billing are in it, the others in English.</summary>
    public string Language { get; init; } = MessageTemplates.FallbackLocale;

    /// <summary>An invoice's number.</summary>
    public string Invoice { get; init; } = "";

    /// <summary>A domain that an application asked for.</summary>
    public string Domain { get; init; } = "";

    /// <summary>An amount of money, as text.</summary>
    public string Amount { get; init; } = "";

    /// <summary>A file that comes with the mail.</summary>
    public MailAttachment? Attachment { get; init; }

    /// <summary>A day, as text.</summary>
    public string Date { get; init; } = "";
}
