namespace Latchkey.Messages.Templates;

/// <summary>The words of the page behind a signup link.</summary>
public sealed record ConfirmPageText(string Heading, string Text, string Button);
