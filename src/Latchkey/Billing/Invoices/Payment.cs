namespace Latchkey.Billing.Invoices;

/// <summary>The payment of an invoice, in full.</summary>
public sealed record Payment
{
    public const string ByHand = "hand";

    public string Id { get; init; } = "";

    public string InvoiceId { get; init; } = "";

    /// <summary>In minor units.</summary>
    public long Amount { get; init; }

    /// <summary><see cref="ByHand"/>, or the name of a payment provider.</summary>
    public string Method { get; init; } = ByHand;

    /// <summary>The bank's or the provider's reference.</summary>
    public string Reference { get; init; } = "";

    public string RecordedBy { get; init; } = "";

    public long ReceivedAt { get; init; }
}
