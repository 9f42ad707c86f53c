using System.Text.Json;
using Latchkey.Billing.Invoices;
using Latchkey.Core;

namespace Latchkey.Billing.Statements;

/// <summary>Reads a stored statement for the invoice's lines.</summary>
public static class StatementDocument
{
    private const int MillisecondsPerSecond = 1000;

    /// <summary>The lines of the invoice: those of which something was used, however little is printed of it.</summary>
    public static IEnumerable<InvoiceLine> InvoiceLines(StatementRow row)
    {
        using var document = JsonDocument.Parse(row.Document);
        var seconds = document.RootElement.GetProperty("chargedMilliseconds").GetInt64() / MillisecondsPerSecond;
        return
        [
            .. document
                .RootElement.GetProperty("lines")
                .EnumerateArray()
                .Where(line => line.GetProperty("quantity").GetString() != "0" || line.GetProperty("amount").GetInt64() != 0)
                .Select(line => Line(row, line, seconds)),
        ];
    }

    private static InvoiceLine Line(StatementRow row, JsonElement line, long seconds)
    {
        if (!EnumNames.TryParse<LineKind>(line.GetProperty("kind").GetString() ?? "", out var kind))
        {
            throw new JsonException("a line of the statement has no known kind");
        }

        var free = line.GetProperty("free");
        return new InvoiceLine
        {
            AppId = row.AppId,
            ApplicationName = row.Name,
            Kind = kind,
            Quantity = line.GetProperty("quantity").GetString() ?? "",
            Free = free.GetInt64() > 0 ? free.GetRawText() : null,
            UnitPrice = line.GetProperty("unitPrice").GetString(),
            ActiveSeconds = kind == LineKind.BaseFee ? seconds : null,
            Amount = line.GetProperty("amount").GetInt64(),
        };
    }
}
