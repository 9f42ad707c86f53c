using Latchkey.Core;

namespace Latchkey.Provider.Authorization;

/// <summary>Where a browser goes from here.</summary>
/// <param name="Url">The client, or a page of this server; null where it stays, and sees the error.</param>
/// <param name="Error">Why the request was refused; null if it was not.</param>
/// <param name="Form">What the browser sends there in a form; null where it only goes there.</param>
public sealed record AuthorizationAnswer(string? Url, Error? Error = null, IReadOnlyList<(string Name, string Value)>? Form = null);
