namespace Latchkey.Billing.Payments;

/// <summary>One attempt to charge an invoice.</summary>
public sealed record ChargeRequest
{
    public required string InvoiceId { get; init; }

    /// <summary>As on the invoice; the person sees it at the provider.</summary>
    public required string Number { get; init; }

    /// <summary>1 for the first attempt. Invoice and attempt make the idempotency key.</summary>
    public required int Attempt { get; init; }
    public required Money Amount { get; init; }
    public required SavedCard Card { get; init; }

    /// <summary>
    /// The newest reference that is known of the invoice's earlier attempts; null before the first, or when its answer was lost.
    /// </summary>
    public string? Reference { get; init; }

    /// <summary>
    /// Where the person comes back to after confirming the payment (3-D Secure); null when nobody is there to confirm it.
    /// </summary>
    public Uri? ReturnTo { get; init; }
}
