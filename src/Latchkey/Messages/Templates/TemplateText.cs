namespace Latchkey.Messages.Templates;

/// <summary>The texts of one template. They may contain macros, but no HTML.</summary>
public sealed record TemplateText(string Subject, string Heading, IReadOnlyList<string> Paragraphs, string Shows, string Note);
