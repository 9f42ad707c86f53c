using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Billing.Invoices;

/// <summary>An invoice's document as the texts that stand on it, in its language. HTML and PDF only lay them out.</summary>
public sealed record PrintedInvoice
{
    public required string Title { get; init; }

    /// <summary>What the status says to the reader; null when it says nothing new.</summary>
    public required string? Status { get; init; }

    /// <summary>Number, dates and period: what each is called, and its value.</summary>
    public required IReadOnlyList<PrintedValue> Facts { get; init; }
    public required IReadOnlyList<string> Seller { get; init; }
    public required IReadOnlyList<string> Buyer { get; init; }

    /// <summary>The lines of one application stand together.</summary>
    public required IReadOnlyList<PrintedGroup> Groups { get; init; }

    /// <summary>The last one is the total.</summary>
    public required IReadOnlyList<PrintedValue> Totals { get; init; }

    /// <summary>What <see cref="Instructions"/> are about.</summary>
    public required string InstructionsTitle { get; init; }
    public required IReadOnlyList<string> Instructions { get; init; }
    public required InvoiceText Text { get; init; }

    /// <summary>The head of the column of amounts, with the currency.</summary>
    public required string AmountTitle { get; init; }

    /// <param name="document">What to print.</param>
    /// <param name="language">The language of the words and numbers; the document's own unless the renderer cannot write it.</param>
    public static PrintedInvoice Of(InvoiceDocument document, string language)
    {
        var text = InvoiceText.Of(language);
        var numbers = NumberText.Of(language);
        var isCredit = document.Kind == InvoiceKind.CreditNote;
        return new PrintedInvoice
        {
            Title = isCredit ? text.CreditNote : text.Invoice,
            Status = document.Status switch
            {
                InvoiceStatus.Draft => text.Draft,
                InvoiceStatus.Paid when !isCredit => text.Paid,
                InvoiceStatus.Void => text.Void,
                _ => null,
            },
            Facts = [.. FactsOf(document, text)],
            Seller = PartyOf(document.Seller, text),
            Buyer = PartyOf(document.Buyer, text),
            Groups =
            [
                .. document
                    .Lines.GroupBy(line => (line.AppId, line.ApplicationName))
                    .Select(group => new PrintedGroup(
                        group.Key.ApplicationName,
                        [.. group.Select(line => PrintedLine.Of(line, document, text, numbers))]
                    )),
            ],
            Totals = [.. TotalsOf(document, text, language)],
            InstructionsTitle = isCredit ? text.Note : text.Payment,
            Instructions = document.Instructions.Length > 0 ? [.. document.Instructions.ReplaceLineEndings("\n").Split('\n')] : [],
            Text = text,
            AmountTitle = $"{text.Amount} ({document.Currency})",
        };
    }

    private static IEnumerable<PrintedValue> FactsOf(InvoiceDocument document, InvoiceText text)
    {
        var first = new DateOnly(document.Year, document.Month, 1);
        if (document.Number.Length > 0)
        {
            yield return new(text.Number, document.Number);
        }

        if (document.CreditedNumber is { } credited)
        {
            yield return new(text.CreditedNumber, credited);
        }

        yield return new(text.IssuedOn, text.DateOf(document.IssuedOn));
        if (document.DueOn is { } due)
        {
            yield return new(text.DueOn, text.DateOf(due));
        }

        yield return new(text.Period, $"{OnOneLine(text.DateOf(first))} – {OnOneLine(text.DateOf(first.AddMonths(1).AddDays(-1)))}");
    }

    private static string OnOneLine(string date) => date.Replace(' ', '\u00A0');

    private static IReadOnlyList<string> PartyOf(InvoiceParty party, InvoiceText text) =>
        [
            party.Name,
            .. party.Address.Where(line => line.Length > 0),
            .. party.TaxId is { Length: > 0 } taxId ? [$"{text.TaxId}: {taxId}"] : Array.Empty<string>(),
            .. party.Email is { Length: > 0 } email ? [email] : Array.Empty<string>(),
        ];

    private static IEnumerable<PrintedValue> TotalsOf(InvoiceDocument document, InvoiceText text, string language)
    {
        var currency = Currency.FromStored(document.Currency);
        if (document.TaxRate != 0 || document.Tax != 0)
        {
            var rate = (document.TaxRate / 100m).ToString("0.##", CultureInfo.InvariantCulture);
            yield return new(text.Net, Amount(document.Net));
            yield return new(InvoiceText.With(text.Tax, NumberText.Of(language).Write(rate)), Amount(document.Tax));
        }

        var title = document switch
        {
            { Kind: InvoiceKind.CreditNote } => text.TotalCredited,
            { Status: InvoiceStatus.Open } => text.TotalDue,
            _ => text.Total,
        };
        yield return new(title, Amount(document.Total));

        string Amount(long minorUnits) => new Money(minorUnits, currency).Format(language);
    }
}
