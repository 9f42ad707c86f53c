namespace Latchkey.Applications;

/// <summary>A developer's own text of one message in one locale; what is not here is built in.</summary>
public sealed record TemplateRow
{
    public string AppId { get; init; } = "";

    public string Locale { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Subject { get; init; } = "";

    /// <summary>An address, or empty.</summary>
    public string ReplyTo { get; init; } = "";

    /// <summary>HTML of mails and pages; plain text of SMS.</summary>
    public string Html { get; init; } = "";

    public string LinkText { get; init; } = "";

    public long UpdatedAt { get; init; }
}
