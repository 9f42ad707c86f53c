namespace Latchkey.Activity.Audit;

/// <summary>The actions and error codes that occur in a log, for the filter.</summary>
public sealed record AuditFilterOptions(IReadOnlyList<string> Actions, IReadOnlyList<int> Codes);
