namespace Latchkey.Messages.Templates;

/// <summary>The texts of a page that asks for a new password. They may contain <c>%APP_NAME%</c> and <c>%HANDLE%</c>.</summary>
/// <param name="Heading">The heading.</param>
/// <param name="Text">What to do.</param>
/// <param name="Label">The label of the password field.</param>
/// <param name="Weak">Shown when the password does not meet the policy.</param>
/// <param name="Button">The text of the button.</param>
/// <param name="DoneHeading">The heading after a password reset.</param>
/// <param name="DoneText">The text after a password reset.</param>
public sealed record PasswordPageText(
    string Heading,
    string Text,
    string Label,
    string Weak,
    string Button,
    string DoneHeading,
    string DoneText
);
