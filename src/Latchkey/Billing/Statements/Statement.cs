using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Invoices;
using Latchkey.Billing.Plans;

namespace Latchkey.Billing.Statements;

/// <summary>
/// What an application used in a month and what it costs. The amounts of the lines are the only ones that are rounded. The same reading and
/// the same prices always give the same document, to the byte.
/// </summary>
public sealed record Statement
{
    private const int QuantityDigits = 6;
    private const long BytesPerGigabyte = 1_000_000_000;

    public required UsageReading Reading { get; init; }

    public required BillingAssignment Assignment { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>The first month of the plan's version.</summary>
    public required int PlanMonth { get; init; }

    public required int TaxRate { get; init; }

    public required IReadOnlyList<StatementLine> Lines { get; init; }

    public long Net => Money.Sum(Currency, Lines.Select(line => new Money(line.Amount, Currency))).MinorUnits;

    public static Statement Compute(UsageReading reading, BillingAssignment assignment, Currency currency, PlanVersion version)
    {
        var terms = PlanTerms.Read(version.Terms);
        var length = (BigInteger)reading.Month.Length;
        StatementLine Line(LineKind kind, Fraction quantity, UsagePrice price) =>
            new(
                kind,
                quantity.ToDecimalText(QuantityDigits),
                price.Free,
                price.SinglePrice(currency),
                Money.Round(price.AmountOf(quantity, currency), currency).MinorUnits
            );

        return new Statement
        {
            Reading = reading,
            Assignment = assignment,
            Currency = currency,
            PlanMonth = version.Month,
            TaxRate = terms.TaxRate,
            Lines =
            [
                Line(LineKind.BaseFee, new(reading.ChargedMilliseconds, length), new UsagePrice(0, [new(null, terms.Month)])),
                Line(LineKind.ActiveUsers, Fraction.Of(reading.ActiveUsers), terms.ActiveUser),
                Line(LineKind.Mails, Fraction.Of(reading.Mails), terms.Mail),
                Line(LineKind.Sms, Fraction.Of(reading.Sms), terms.Sms),
                Line(LineKind.Storage, new(reading.ByteMilliseconds, length * BytesPerGigabyte), terms.Storage),
            ],
        };
    }

    /// <summary>Canonical JSON: properties in one order, no white space.</summary>
    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("appId", Reading.AppId);
            json.WriteString("month", Reading.Month.ToString());
            json.WriteString("accountId", Assignment.AccountId);
            json.WriteString("planId", Assignment.PlanId);
            json.WriteNumber("planMonth", PlanMonth);
            json.WriteString("currency", Currency.Code);
            json.WriteNumber("taxRate", TaxRate);
            WriteReading(json);
            json.WriteStartArray("lines");
            foreach (var line in Lines)
            {
                WriteLine(json, line);
            }

            json.WriteEndArray();
            json.WriteNumber("net", Net);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteReading(Utf8JsonWriter json)
    {
        json.WriteStartObject("milliseconds");
        foreach (var (status, time) in Reading.Milliseconds.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(status, time);
        }

        json.WriteEndObject();
        json.WriteNumber("chargedMilliseconds", Reading.ChargedMilliseconds);
        json.WriteNumber("activeUsers", Reading.ActiveUsers);
        json.WriteNumber("mails", Reading.Mails);
        json.WriteNumber("sms", Reading.Sms);
        json.WriteString("byteMilliseconds", Reading.ByteMilliseconds.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteLine(Utf8JsonWriter json, StatementLine line)
    {
        json.WriteStartObject();
        json.WriteString("kind", Core.EnumNames.ToName(line.Kind));
        json.WriteString("quantity", line.Quantity);
        json.WriteNumber("free", line.Free);
        json.WriteString("unitPrice", line.UnitPrice);
        json.WriteNumber("amount", line.Amount);
        json.WriteEndObject();
    }
}
