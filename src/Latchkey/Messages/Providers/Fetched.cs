namespace Latchkey.Messages.Providers;

/// <summary>The answer to a GET at a developer's host.</summary>
/// <param name="Body">The text; empty for a failure.</param>
/// <param name="MaxAge">How long it may be kept, if the host says so.</param>
/// <param name="Problem">Why there is no text; null for a success.</param>
public sealed record Fetched(string Body, TimeSpan? MaxAge, string? Problem);
