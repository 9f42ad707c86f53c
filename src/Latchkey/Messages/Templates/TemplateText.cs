namespace Latchkey.Messages.Templates;

/// <summary>The words of one template. The texts may hold macros, but no HTML.</summary>
public sealed record TemplateText(string Subject, string Heading, IReadOnlyList<string> Paragraphs, string Shows, string Note);
