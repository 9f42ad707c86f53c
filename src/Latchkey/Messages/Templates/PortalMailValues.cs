namespace Latchkey.Messages.Templates;

/// <summary>What the macros of a portal mail stand for.</summary>
/// <param name="Client">Where the request came from.</param>
/// <param name="Link">Path and query of a page of the portal.</param>
/// <param name="ActorName">Who invites.</param>
/// <param name="Application">The application that the mail is about.</param>
/// <param name="Role">A role in it.</param>
/// <param name="Number">A number that the mail names.</param>
/// <param name="Status">The application's status.</param>
/// <param name="Text">A reason or a petition, as somebody wrote it.</param>
/// <param name="ExpiresAt">When the link ends, in unix milliseconds; null for a page that stays.</param>
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
);
