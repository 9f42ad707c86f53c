namespace Latchkey.Activity.Audit;

/// <summary>The actions and the codes of refusals that occur in a log.</summary>
public sealed record AuditFilterOptions(IReadOnlyList<string> Actions, IReadOnlyList<int> Codes);
