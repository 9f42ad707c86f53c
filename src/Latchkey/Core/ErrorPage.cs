namespace Latchkey.Core;

/// <summary>Marks routes that people open in a browser: a browser gets an error page, other clients get JSON.</summary>
/// <param name="Create">The page; null for the plain one.</param>
public sealed record ErrorPage(Func<HttpContext, Error, IResult>? Create = null);
