namespace Latchkey.Billing.Payments;

/// <summary>What became of a charge.</summary>
public abstract record ChargeResult
{
    private ChargeResult() { }

    /// <summary>The whole amount is taken.</summary>
    /// <param name="Reference">The charge's reference at the provider.</param>
    /// <param name="InvoiceId">The invoice that it was for, as the provider was told; empty for a charge that is not ours.</param>
    public sealed record Paid(string Reference, string InvoiceId) : ChargeResult;

    /// <summary>The provider is still working on it; it will send an event.</summary>
    public sealed record Pending(string Reference) : ChargeResult;

    /// <summary>The bank wants the person to confirm (3-D Secure).</summary>
    /// <param name="Reference">The charge's reference at the provider.</param>
    /// <param name="Url">Where to confirm; null when nobody was there, so that it has to be tried again with somebody.</param>
    public sealed record ConfirmationNeeded(string Reference, Uri? Url) : ChargeResult;

    /// <summary>The bank or the provider refused. Trying again with the same card may or may not help.</summary>
    /// <param name="Reference">Null when no charge was made.</param>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Declined(string? Reference, string Reason) : ChargeResult;

    /// <summary>It was canceled at the provider and can never take money. The next attempt makes another charge.</summary>
    public sealed record Canceled(string Reference) : ChargeResult;

    /// <summary>Nobody knows: no answer, or an answer that says to ask again. The same request may be sent again.</summary>
    /// <param name="Cause">For the log.</param>
    public sealed record Unknown(string Cause) : ChargeResult;
}
