namespace Latchkey.Core;

/// <summary>Marks routes that people open in a browser: there an error is a page, for everyone else it stays JSON.</summary>
public sealed record ErrorPage;
