namespace Latchkey.Applications;

/// <summary>A developer's own template of one message in one locale; without a row, the built-in one applies.</summary>
public sealed record TemplateRow
{
    public string AppId { get; init; } = "";

    public string Locale { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Subject { get; init; } = "";

    /// <summary>An e-mail address, or empty.</summary>
    public string ReplyTo { get; init; } = "";

    /// <summary>HTML for mails and pages, plain text for SMS.</summary>
    public string Html { get; init; } = "";

    public string LinkText { get; init; } = "";

    public long UpdatedAt { get; init; }
}
