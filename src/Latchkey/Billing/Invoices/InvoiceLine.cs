namespace Latchkey.Billing.Invoices;

/// <summary>One line of an invoice: what an application used of one thing in the month.</summary>
public sealed record InvoiceLine
{
    /// <summary>The application's name on the day of the invoice.</summary>
    public required string ApplicationName { get; init; }

    public required string AppId { get; init; }
    public required LineKind Kind { get; init; }

    /// <summary>
    /// What was used, as an exact decimal with a point: <c>1204</c>, <c>0.5</c>. Its unit follows from the kind: months, users, mails, SMS,
    /// gigabytes.
    /// </summary>
    public required string Quantity { get; init; }

    /// <summary>How much of the quantity is free, written like it; null when nothing is.</summary>
    public string? Free { get; init; }

    /// <summary>
    /// The price of one unit, as an exact decimal of the currency: <c>0.0004</c>. Null when the line has several (tiers).
    /// </summary>
    public string? UnitPrice { get; init; }

    /// <summary>On a base fee, the seconds of the month in which the application was active; else null.</summary>
    public long? ActiveSeconds { get; init; }

    /// <summary>What a person wrote about the line, in one language; null for most lines.</summary>
    public string? Note { get; init; }

    /// <summary>The line's amount before tax, in minor units of the currency.</summary>
    public required long Amount { get; init; }
}
