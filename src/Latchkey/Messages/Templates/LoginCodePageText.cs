namespace Latchkey.Messages.Templates;

/// <summary>The texts of the page that the link of a login code opens.</summary>
/// <param name="Heading">The heading.</param>
/// <param name="Text">What to do with the code, which follows.</param>
/// <param name="AskedBy">Who asked: the label before a browser's name.</param>
/// <param name="From">From where: the label before a network address.</param>
/// <param name="At">When: the label before a time.</param>
/// <param name="Warning">What not to do with the code.</param>
public sealed record LoginCodePageText(string Heading, string Text, string AskedBy, string From, string At, string Warning);
