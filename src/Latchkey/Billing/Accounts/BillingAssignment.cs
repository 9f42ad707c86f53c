namespace Latchkey.Billing.Accounts;

/// <summary>Which account pays for an application, by which plan, from a month on.</summary>
public sealed record BillingAssignment
{
    public string AppId { get; init; } = "";

    /// <summary>The first month, as 202611.</summary>
    public int Month { get; init; }

    public string AccountId { get; init; } = "";

    public string PlanId { get; init; } = "";
}
