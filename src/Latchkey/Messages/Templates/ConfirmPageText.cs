namespace Latchkey.Messages.Templates;

/// <summary>The texts of the page that a signup link opens.</summary>
public sealed record ConfirmPageText(string Heading, string Text, string Button);
