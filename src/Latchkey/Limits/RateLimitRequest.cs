namespace Latchkey.Limits;

/// <summary>One more of something that is bounded.</summary>
/// <param name="Limit">What is bounded.</param>
/// <param name="Subject">Within the scope: a handle, a network, both.</param>
/// <param name="ExemptIfTrusted">A subject that is not counted once it has succeeded within the last month.</param>
public sealed record RateLimitRequest(Limit Limit, string Subject, string? ExemptIfTrusted = null);
