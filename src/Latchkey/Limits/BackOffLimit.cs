namespace Latchkey.Limits;

/// <summary>Some free attempts, then increasing delays: <paramref name="InitialDelay"/>, doubling up to 30 times its length.</summary>
public sealed record BackOffLimit(string Name, int FreeAttempts, TimeSpan InitialDelay, TimeSpan ResetAfter) : Limit(Name);
