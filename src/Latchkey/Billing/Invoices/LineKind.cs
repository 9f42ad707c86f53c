namespace Latchkey.Billing.Invoices;

/// <summary>What a line of an invoice charges for.</summary>
public enum LineKind
{
    /// <summary>The plan's price of a month; the quantity is the share of the month in which the application was active.</summary>
    BaseFee,

    /// <summary>Users who were active in the month, each counted once.</summary>
    ActiveUsers,
    Mails,
    Sms,

    /// <summary>Gigabytes stored, on average over the month.</summary>
    Storage,
}
