namespace Latchkey.Core;

/// <summary>Metadata of routes that answer errors in a form of their own, also those that no handler answered.</summary>
/// <param name="Create">The answer for an error of the API.</param>
public sealed record ErrorForm(Func<HttpContext, Error, IResult> Create);
