namespace Latchkey.Portal;

/// <summary>One of several values, with the sentence that says what it means and, when choosing it is risky, why.</summary>
public sealed record Choice(string Value, string Label, string Meaning, string? Warning = null);
