namespace Latchkey.Billing.Plans;

/// <summary>The prices of a plan from a month on.</summary>
public sealed record PlanVersion
{
    public string PlanId { get; init; } = "";

    /// <summary>The first month, as 202611.</summary>
    public int Month { get; init; }

    /// <summary><see cref="PlanTerms"/> as JSON.</summary>
    public string Terms { get; init; } = "";

    public long CreatedAt { get; init; }
}
