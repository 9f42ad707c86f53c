using System.Text.Json;

namespace Latchkey.Billing.Plans;

/// <summary>The prices of a plan's version.</summary>
public sealed record PlanTerms
{
    /// <summary>The price of a whole month in which the application was active, in millionths of a minor unit.</summary>
    public long Month { get; init; }

    public UsagePrice ActiveUser { get; init; } = UsagePrice.Nothing;

    public UsagePrice Mail { get; init; } = UsagePrice.Nothing;

    public UsagePrice Sms { get; init; } = UsagePrice.Nothing;

    /// <summary>For a gigabyte (10⁹ bytes) stored for a month.</summary>
    public UsagePrice Storage { get; init; } = UsagePrice.Nothing;

    /// <summary>In hundredths of a percent: 1900 is 19 %.</summary>
    public int TaxRate { get; init; }

    public string Write() => JsonSerializer.Serialize(this, PlansJson.Default.PlanTerms);

    public static PlanTerms Read(string json) =>
        JsonSerializer.Deserialize(json, PlansJson.Default.PlanTerms) ?? throw new JsonException("the terms are null");
}
