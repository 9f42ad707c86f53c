namespace Latchkey.Core;

/// <summary>The body of every error response.</summary>
/// <param name="Code">A code of the contract's table.</param>
/// <param name="Message">The text in English, for developers.</param>
public sealed record ErrorBody(int Code, string Message);
