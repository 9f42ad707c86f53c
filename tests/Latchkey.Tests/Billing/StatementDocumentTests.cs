using Latchkey.Billing.Statements;

namespace Latchkey.Tests.Billing;

/// <summary>Which lines of a statement an invoice has.</summary>
public sealed class StatementDocumentTests
{
    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("0", 1, 1)] // a second of an expensive month: 0.000000 of it costs something
    [InlineData("5", 0, 1)]
    public void A_line_is_left_out_only_if_nothing_was_used(string quantity, long amount, int lines) =>
        StatementDocument
            .InvoiceLines(
                new StatementRow
                {
                    Document = $$"""
                    {"chargedMilliseconds":1000,"lines":[
                      {"kind":"baseFee","quantity":"{{quantity}}","free":0,"unitPrice":"3000000","amount":{{amount}}}]}
                    """,
                }
            )
            .Count()
            .ShouldBe(lines);
}
