namespace Latchkey.Limits;

/// <summary>So many in a window of time that starts with the first.</summary>
public sealed record WindowLimit(string Name, int PermitLimit, TimeSpan Window) : Limit(Name);
