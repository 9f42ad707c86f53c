namespace Latchkey.Limits;

/// <summary>A rate limit. The log names it when it is reached.</summary>
public abstract record Limit(string Name);
