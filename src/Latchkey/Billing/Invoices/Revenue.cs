namespace Latchkey.Billing.Invoices;

/// <summary>What a month of service brought in one currency, in minor units.</summary>
public sealed record Revenue
{
    /// <summary>As 202611.</summary>
    public int Month { get; init; }

    public string Currency { get; init; } = "";

    /// <summary>Invoiced before tax, less credit notes.</summary>
    public long Net { get; init; }

    /// <summary>Paid, with tax.</summary>
    public long Paid { get; init; }

    /// <summary>Not paid yet, with tax.</summary>
    public long Open { get; init; }
}
