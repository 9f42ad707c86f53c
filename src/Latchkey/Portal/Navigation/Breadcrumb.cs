namespace Latchkey.Portal.Navigation;

/// <summary>A page above the one that is shown.</summary>
/// <param name="Path">Its address below /portal, such as <c>/account</c>; empty for the list of applications.</param>
/// <param name="Text">What it is called there.</param>
public sealed record Breadcrumb(string Path, string Text);
