namespace Latchkey.Core;

/// <summary>Marks routes that people open in a browser: a browser gets an error page, other clients get JSON.</summary>
public sealed record ErrorPage;
