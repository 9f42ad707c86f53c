namespace Latchkey.Operations.Overview;

/// <summary>How much waits for an answer of the operator.</summary>
public sealed record OperatorTasks
{
    /// <summary>Petitions that are not answered.</summary>
    public long Petitions { get; init; }

    /// <summary>Requests for domains whose proof is in DNS.</summary>
    public long Domains { get; init; }

    /// <summary>Invoices that were not paid in time.</summary>
    public long OverdueInvoices { get; init; }

    public long Total => Petitions + Domains + OverdueInvoices;
}
