namespace Latchkey.Billing.Accounts;

/// <summary>Who pays for applications: a company or a person, with the developers who may see the bills.</summary>
public sealed record BillingAccount
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The lines of the postal address.</summary>
    public string Address { get; init; } = "";

    public string TaxId { get; init; } = "";

    /// <summary>Where invoices and reminders are mailed.</summary>
    public string Email { get; init; } = "";

    /// <summary>A code of <see cref="Messages.Templates.Languages"/>.</summary>
    public string Language { get; init; } = "";

    /// <summary>A code of ISO 4217: of the account's plans, invoices and budget.</summary>
    public string Currency { get; init; } = "";

    /// <summary>What may be used in a month before tax, in minor units; null for no budget.</summary>
    public long? Budget { get; init; }

    /// <summary>Whether the applications become inactive when the budget is used up.</summary>
    public bool BudgetStops { get; init; }

    /// <summary>The month for which mails about the budget were sent, as 202611.</summary>
    public int BudgetMonth { get; init; }

    /// <summary>The highest share of the budget that a mail was sent about, in percent.</summary>
    public int BudgetPercent { get; init; }

    public long CreatedAt { get; init; }
}
