namespace Latchkey.Messages.Templates;

/// <summary>What a message of one kind looks like in one locale, with macros (<c>%APP_NAME%</c> …) still in it.</summary>
/// <param name="Subject">One line of plain text.</param>
/// <param name="Html">A whole HTML document.</param>
/// <param name="LinkText">What stands for <c>%LINK%</c> in text.</param>
/// <param name="ReplyTo">Where answers go; empty for the sender.</param>
public sealed record Template(string Subject, string Html, string LinkText, string ReplyTo = "");
