namespace Latchkey.HostedPages.Account;

/// <summary>A section of the account pages.</summary>
/// <param name="Path">One of <see cref="AccountPaths"/>.</param>
/// <param name="Label">What it is called.</param>
/// <param name="State">What is set up, in a word; empty for nothing to say.</param>
public sealed record AccountSection(string Path, string Label, string State = "");
