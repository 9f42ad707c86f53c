using Latchkey.Core;

namespace Latchkey.Api.PasswordReset;

/// <summary>A forgotPassword that was answered.</summary>
/// <param name="AppId">The application.</param>
/// <param name="Name">The requested handle or user name, normalised.</param>
/// <param name="Client">Where the request came from.</param>
/// <param name="LinkPage">The page that the mailed link opens, an absolute URL; null for the page of the API.</param>
public sealed record DeferredReset(string AppId, string Name, ClientAddress Client, string? LinkPage = null);
