using Latchkey.Core;

namespace Latchkey.Billing.Payments;

/// <summary>One attempt to charge an invoice, as stored.</summary>
public sealed record PaymentAttempt
{
    public string InvoiceId { get; init; } = "";

    /// <summary>1 for the first.</summary>
    public int Attempt { get; init; }

    /// <summary>The name of a <see cref="PaymentAttemptStatus"/>.</summary>
    public string Status { get; init; } = "";

    /// <summary>The provider's reference; null while it is not known.</summary>
    public string? Reference { get; init; }

    /// <summary>Why it was declined, for people; else empty.</summary>
    public string Reason { get; init; } = "";

    public long StartedAt { get; init; }

    public bool Is(PaymentAttemptStatus status) => Status == status.ToName();
}
