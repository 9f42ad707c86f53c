namespace Latchkey.Messages.Templates;

/// <summary>The texts of one template. They may contain macros, but no HTML.</summary>
public sealed record TemplateText(string Subject, string Heading, IReadOnlyList<string> Paragraphs, string Shows, string Note)
{
    /// <summary>The sentence before a link that does the same as the code; null for none.</summary>
    public string? OrLink { get; init; }

    /// <summary>The text of the link; null for the locale's own.</summary>
    public string? LinkText { get; init; }
}
