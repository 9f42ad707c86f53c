namespace Latchkey.Billing.Payments;

/// <summary>A billing account at the payment provider, as stored.</summary>
public sealed record PaymentCard
{
    public string AccountId { get; init; } = "";

    /// <summary>The provider's id of the payer.</summary>
    public string Customer { get; init; } = "";

    /// <summary>The provider's id of the card; null while no card is saved.</summary>
    public string? Method { get; init; }

    /// <summary>What people see of the card; empty while none is saved.</summary>
    public string Label { get; init; } = "";

    /// <summary>
    /// When the page of the saved card was opened, or when the card was removed; 0 before the first card. A card whose page was opened
    /// earlier is not taken any more.
    /// </summary>
    public long SavedAt { get; init; }

    /// <summary>The card that can be charged; null for none.</summary>
    public SavedCard? Card => Method is { } method ? new SavedCard(Customer, method, Label, SavedAt) : null;
}
