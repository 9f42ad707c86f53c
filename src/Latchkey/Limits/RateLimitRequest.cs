namespace Latchkey.Limits;

/// <summary>An attempt that a limit counts.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Subject">What is counted within the scope: a handle, a network, or both.</param>
public sealed record RateLimitRequest(Limit Limit, string Subject);
