using Latchkey.Billing;
using Latchkey.Billing.Payments;

namespace Latchkey.Tests.Billing.Payments;

/// <summary>The special cases of https://docs.stripe.com/currencies.</summary>
public sealed class StripeAmountTests
{
    [Theory]
    [InlineData("EUR", 1234, 1234)]
    [InlineData("JPY", 500, 500)]
    [InlineData("ISK", 5, 500)]
    [InlineData("UGX", 5, 500)]
    [InlineData("HUF", 104_545, 104_545)]
    [InlineData("EUR", 50, 50)]
    [InlineData("JPY", 50, 50)]
    [InlineData("TWD", 80_045, 80_045)]
    [InlineData("MGA", 12_300, 123)]
    [InlineData("KWD", 5120, 5120)]
    [InlineData("KWD", 5124, 5120)]
    [InlineData("KWD", 5125, 5120)]
    [InlineData("KWD", 5126, 5130)]
    [InlineData("BHD", 15, 20)]
    public void An_amount_is_said_in_stripes_units(string currency, long minorUnits, long units) =>
        StripeAmount.Of(new Money(minorUnits, Currency.FromStored(currency))).Value.ShouldBe(units);

    [Theory]
    [InlineData("EUR", 49, "0.50 EUR")]
    [InlineData("GBP", 29, "0.30 GBP")]
    [InlineData("JPY", 49, "50 JPY")]
    [InlineData("HUF", 17_499, "175.00 HUF")]
    public void Less_than_stripe_takes_is_refused(string currency, long minorUnits, string least) =>
        StripeAmount
            .Of(new Money(minorUnits, Currency.FromStored(currency)))
            .Error!.Message.ShouldBe($"Stripe does not take less than {least}. Pay as the invoice says.");

    [Theory]
    [InlineData("IQD")]
    [InlineData("CLF")]
    public void A_currency_without_a_rule_at_stripe_is_refused(string currency) =>
        StripeAmount
            .Of(new Money(100, Currency.FromStored(currency)))
            .Error!.Message.ShouldBe($"Stripe does not take {currency}. Pay as the invoice says.");
}
