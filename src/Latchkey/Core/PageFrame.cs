namespace Latchkey.Core;

/// <summary>What stands around a page's text: whose page it is, and what leads on from it. HTML with encoded values.</summary>
/// <param name="Header">Above the heading.</param>
/// <param name="Footer">Below the page; empty for none.</param>
/// <param name="Head">More of the document's head: a second stylesheet, another icon; empty for none.</param>
public sealed record PageFrame(string Header, string Footer, string Head);
