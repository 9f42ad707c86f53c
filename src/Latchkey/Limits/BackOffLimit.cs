namespace Latchkey.Limits;

/// <summary>Some free ones, then longer and longer waits: <paramref name="InitialDelay"/> doubling to thirty times as long.</summary>
public sealed record BackOffLimit(string Name, int FreeAttempts, TimeSpan InitialDelay, TimeSpan ResetAfter) : Limit(Name);
