using Latchkey.Core;

namespace Latchkey.Billing.Invoices;

/// <summary>A line as it stands on an invoice.</summary>
/// <param name="Description">What is charged.</param>
/// <param name="Notes">More about it, in small letters; may be empty.</param>
/// <param name="Quantity">With the language's separators.</param>
/// <param name="UnitPrice">Empty when the line has several prices.</param>
/// <param name="Amount">Without the currency.</param>
public sealed record PrintedLine(string Description, IReadOnlyList<string> Notes, string Quantity, string UnitPrice, string Amount)
{
    public static PrintedLine Of(InvoiceLine line, InvoiceDocument document, InvoiceText text, NumberText numbers) =>
        new(
            text.Kinds[line.Kind.ToName()],
            [.. NotesOf(line, SecondsOf(document.Year, document.Month), text, numbers)],
            numbers.Write(line.Quantity),
            line.UnitPrice is { } price ? numbers.Write(price) : "",
            numbers.Write(new Money(line.Amount, Currency.FromStored(document.Currency)).ToDecimalText())
        );

    private static IEnumerable<string> NotesOf(InvoiceLine line, long month, InvoiceText text, NumberText numbers)
    {
        if (line.ActiveSeconds is { } active && active != month)
        {
            yield return InvoiceText.With(text.Active, text.DurationOf(active), text.DurationOf(month));
        }

        if (line.Free is { } free)
        {
            yield return InvoiceText.With(text.Free, numbers.Write(free));
        }

        if (line.Note is { Length: > 0 } note)
        {
            yield return note;
        }
    }

    /// <summary>The seconds of a month in UTC, which has no clock changes.</summary>
    private static long SecondsOf(int year, int month) => DateTime.DaysInMonth(year, month) * 86_400L;
}
