namespace Latchkey.Messages.Templates;

/// <summary>A template macro and a description of its value.</summary>
/// <param name="Name">The name with its percent signs.</param>
public sealed record TemplateMacro(string Name, string Meaning);
