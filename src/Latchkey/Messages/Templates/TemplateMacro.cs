namespace Latchkey.Messages.Templates;

/// <summary>A macro and what stands in its place when the message goes out.</summary>
/// <param name="Name">With its percent signs.</param>
public sealed record TemplateMacro(string Name, string Meaning);
