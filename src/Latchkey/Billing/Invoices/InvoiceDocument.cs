using System.Text.Json;

namespace Latchkey.Billing.Invoices;

/// <summary>
/// All that is printed on an invoice or a credit note. It is stored as JSON when the invoice is opened, and what is rendered (HTML, PDF,
/// CSV) is a pure function of it: a change of names, prices or addresses never changes an invoice.
/// </summary>
public sealed record InvoiceDocument
{
    public required InvoiceKind Kind { get; init; }

    /// <summary>The gapless number; empty for a draft.</summary>
    public required string Number { get; init; }

    /// <summary>On a credit note, the number of the invoice that it takes back; else null.</summary>
    public string? CreditedNumber { get; init; }

    public required DateOnly IssuedOn { get; init; }

    /// <summary>The last day to pay; null on a credit note.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>The year of the month of service.</summary>
    public required int Year { get; init; }

    /// <summary>The month of service, 1 to 12, in UTC.</summary>
    public required int Month { get; init; }

    /// <summary>
    /// Stored as it was when the invoice was opened. To print where an invoice stands now, render
    /// <c>document with { Status = … }</c>: drafts, paid and void invoices say so.
    /// </summary>
    public required InvoiceStatus Status { get; init; }

    public required InvoiceParty Seller { get; init; }
    public required InvoiceParty Buyer { get; init; }

    /// <summary>A code of <see cref="Messages.Templates.Languages"/>: <c>DE</c>, <c>PT-BR</c>.</summary>
    public required string Language { get; init; }

    /// <summary>The code of ISO 4217: <c>EUR</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>In the order in which they are printed; lines of one application follow each other.</summary>
    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    /// <summary>The sum of the lines, in minor units. On a credit note, amounts are positive too: they are given back.</summary>
    public required long Net { get; init; }

    /// <summary>In hundredths of a percent: 1900 is 19 %.</summary>
    public required int TaxRate { get; init; }

    /// <summary>The tax on <see cref="Net"/>, in minor units, rounded once.</summary>
    public required long Tax { get; init; }

    /// <summary><see cref="Net"/> and <see cref="Tax"/>, in minor units.</summary>
    public required long Total { get; init; }

    /// <summary>How to pay, as the operator wrote it, or why a credit is given, in lines. Empty when there is nothing to say.</summary>
    public required string Instructions { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, InvoicesJson.Default.InvoiceDocument);

    /// <exception cref="JsonException">The text is not what <see cref="ToJson"/> wrote.</exception>
    public static InvoiceDocument Parse(string json) =>
        JsonSerializer.Deserialize(json, InvoicesJson.Default.InvoiceDocument) ?? throw new JsonException("the invoice is null");
}
