namespace Latchkey.Billing.Invoices;

/// <summary>The lines of one application.</summary>
public sealed record PrintedGroup(string Application, IReadOnlyList<PrintedLine> Lines);
