namespace Latchkey.Limits;

/// <summary>A limit per time window; the window starts with the first attempt.</summary>
public sealed record WindowLimit(string Name, int PermitLimit, TimeSpan Window) : Limit(Name);
