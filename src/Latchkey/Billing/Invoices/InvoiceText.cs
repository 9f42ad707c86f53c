using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Latchkey.Messages.Templates;

namespace Latchkey.Billing.Invoices;

/// <summary>The words of an invoice in one language. <c>{0}</c> and <c>{1}</c> stand for values.</summary>
public sealed record InvoiceText
{
    private static readonly ConcurrentDictionary<string, InvoiceText> Loaded = new(StringComparer.Ordinal);

    /// <summary><c>ltr</c> or <c>rtl</c>.</summary>
    public required string Direction { get; init; }

    /// <summary>A date from {day}, {month} (its name), {number} (the month's) and {year}.</summary>
    public required string Date { get; init; }

    /// <summary>The twelve names as they stand in a date; empty where dates have numbers.</summary>
    public required IReadOnlyList<string> Months { get; init; }
    public required string Days { get; init; }
    public required string Hours { get; init; }
    public required string Minutes { get; init; }
    public required string Invoice { get; init; }
    public required string CreditNote { get; init; }
    public required string Number { get; init; }
    public required string CreditedNumber { get; init; }
    public required string IssuedOn { get; init; }
    public required string DueOn { get; init; }
    public required string Period { get; init; }
    public required string BilledTo { get; init; }
    public required string TaxId { get; init; }
    public required string Description { get; init; }
    public required string Quantity { get; init; }
    public required string UnitPrice { get; init; }
    public required string Amount { get; init; }

    /// <summary>The name of each <see cref="LineKind"/>, with the unit where the name alone does not tell it.</summary>
    public required IReadOnlyDictionary<string, string> Kinds { get; init; }
    public required string Active { get; init; }
    public required string Free { get; init; }
    public required string Net { get; init; }
    public required string Tax { get; init; }
    public required string Total { get; init; }
    public required string TotalDue { get; init; }
    public required string TotalCredited { get; init; }
    public required string Draft { get; init; }
    public required string Paid { get; init; }
    public required string Void { get; init; }
    public required string Payment { get; init; }
    public required string Note { get; init; }
    public required string Page { get; init; }

    /// <summary>The texts of a language, or those of English when there are none of it.</summary>
    /// <param name="language">A code of <see cref="Languages"/>.</param>
    public static InvoiceText Of(string language) => Loaded.GetOrAdd(MessageTemplates.BaseLocaleOf(language), Load);

    /// <summary>A date as the language writes it.</summary>
    public string DateOf(DateOnly date) =>
        Date.Replace("{day}", date.Day.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{number}", date.Month.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{month}", Months.Count > 0 ? Months[date.Month - 1] : "", StringComparison.Ordinal)
            .Replace("{year}", date.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>A time in its two largest units, each rounded down: <c>12 d 3 h</c>.</summary>
    public string DurationOf(long seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        string[] parts =
        [
            time.Days > 0 ? With(Days, time.Days) : "",
            time.Hours > 0 ? With(Hours, time.Hours) : "",
            time.Days == 0 && (time.Minutes > 0 || time.Hours == 0) ? With(Minutes, time.Minutes) : "",
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    /// <summary>A text of this record with its value or values.</summary>
    public static string With(string text, params ReadOnlySpan<object> values) => string.Format(CultureInfo.InvariantCulture, text, values);

    private static InvoiceText Load(string language)
    {
        using var resource =
            typeof(InvoiceText).Assembly.GetManifestResourceStream($"InvoiceTexts/{language}.json")
            ?? throw new InvalidOperationException($"the invoice has no texts in {language}");
        return JsonSerializer.Deserialize(resource, InvoicesJson.Default.InvoiceText)
            ?? throw new InvalidOperationException($"the invoice's texts in {language} are null");
    }
}
