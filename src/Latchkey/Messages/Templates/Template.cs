namespace Latchkey.Messages.Templates;

/// <summary>The template of one message kind in one locale, with macros (<c>%APP_NAME%</c> …).</summary>
/// <param name="Subject">One line of plain text.</param>
/// <param name="Html">A complete HTML document.</param>
/// <param name="LinkText">The text that replaces <c>%LINK%</c> in texts.</param>
/// <param name="ReplyTo">The Reply-To address; empty for the sender.</param>
public sealed record Template(string Subject, string Html, string LinkText, string ReplyTo = "");
