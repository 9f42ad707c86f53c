namespace Latchkey.Portal;

/// <summary>One of several values, with its meaning and, if it is risky, a warning.</summary>
public sealed record Choice(string Value, string Label, string Meaning, string? Warning = null);
