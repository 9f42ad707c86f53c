using Latchkey.Billing.Invoices;

namespace Latchkey.Billing.Statements;

/// <summary>What one kind of use costs in a month.</summary>
public sealed record StatementLine(LineKind Kind, string Quantity, long Free, string? UnitPrice, long Amount);
