namespace Latchkey.Messages.Providers;

/// <summary>The answer of a developer's host.</summary>
/// <param name="Body">The text; of an answer with an error status too.</param>
/// <param name="MaxAge">How long it may be kept, if the host says so.</param>
/// <param name="Problem">What went wrong; null for a success.</param>
public sealed record Fetched(string Body, TimeSpan? MaxAge, string? Problem);
