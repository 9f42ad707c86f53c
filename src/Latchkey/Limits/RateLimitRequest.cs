namespace Latchkey.Limits;

/// <summary>An attempt to count.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Subject">The subject within the scope: a handle, a network, or both.</param>
/// <param name="ExemptIfTrusted">A subject that is exempt when it succeeded within the last 30 days.</param>
public sealed record RateLimitRequest(Limit Limit, string Subject, string? ExemptIfTrusted = null);
