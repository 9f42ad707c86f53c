namespace Latchkey.Limits;

/// <summary>A bound on how often something may be tried. The name stands in the log when it is reached.</summary>
public abstract record Limit(string Name);
