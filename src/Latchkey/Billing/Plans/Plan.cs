namespace Latchkey.Billing.Plans;

/// <summary>A price list. Its currency never changes; its prices have versions.</summary>
public sealed record Plan
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>A code of ISO 4217.</summary>
    public string Currency { get; init; } = "";

    public long CreatedAt { get; init; }
}
