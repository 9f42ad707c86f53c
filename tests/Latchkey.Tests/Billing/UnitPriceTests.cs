using Latchkey.Billing;

namespace Latchkey.Tests.Billing;

/// <summary>A price of a unit can be finer than the currency's smallest coin.</summary>
public sealed class UnitPriceTests
{
    [Theory]
    [InlineData("EUR", "0.0004", 40_000)]
    [InlineData("EUR", "1.5", 150_000_000)]
    [InlineData("EUR", "0.00000001", 1)]
    [InlineData("EUR", "0", 0)]
    [InlineData("JPY", "0.000001", 1)]
    [InlineData("JPY", "120", 120_000_000)]
    [InlineData("KWD", "0.001", 1_000_000)]
    [InlineData("CLF", "0.0001", 1_000_000)]
    public void A_price_is_read_in_millionths_of_a_minor_unit(string code, string text, long millionths) =>
        UnitPrice.Parse(text, Currency.FromStored(code)).Value.Millionths.ShouldBe(millionths);

    [Theory]
    [InlineData("EUR", "-0.01", "A price cannot be negative.")]
    [InlineData("EUR", "0.000000001", "A price in EUR is a number with at most 8 digits after the point, such as 0.05.")]
    [InlineData("JPY", "free", "A price in JPY is a number with at most 6 digits after the point, such as 0.05.")]
    [InlineData("EUR", "10000000.01", "A price in EUR is at most 10000000.00.")]
    [InlineData("JPY", "1000000001", "A price in JPY is at most 1000000000.")]
    public void Another_price_is_refused_with_a_sentence(string code, string text, string sentence) =>
        UnitPrice.Parse(text, Currency.FromStored(code)).Error!.Message.ShouldBe(sentence);

    [Theory]
    [InlineData("EUR", 40_000, "0.0004")]
    [InlineData("EUR", 150_000_000, "1.50")]
    [InlineData("EUR", 1_000_000, "0.01")]
    [InlineData("EUR", 0, "0.00")]
    [InlineData("JPY", 120_000_000, "120")]
    [InlineData("JPY", 1, "0.000001")]
    [InlineData("JPY", 0, "0")]
    [InlineData("KWD", 1_000_000, "0.001")]
    public void A_price_is_written_with_the_digits_it_needs(string code, long millionths, string text) =>
        new UnitPrice(millionths, Currency.FromStored(code)).ToDecimalText().ShouldBe(text);

    [Fact]
    public void An_amount_is_exact_until_it_is_rounded_once()
    {
        var price = UnitPrice.Parse("0.0004", Currency.FromStored("EUR")).Value;
        Money.Round(price.Of(Fraction.Of(12)), price.Currency).MinorUnits.ShouldBe(0);
        Money.Round(price.Of(Fraction.Of(13)), price.Currency).MinorUnits.ShouldBe(1);
        // 1/3 of 0.0375 EUR is 1.25 cents, exactly
        Money
            .Round(new UnitPrice(3_750_000, price.Currency).Of(new Fraction(1, 3)) + new Fraction(1, 4), price.Currency)
            .MinorUnits.ShouldBe(2);
    }

    [Theory]
    [InlineData(1, 3, "0.333333")]
    [InlineData(2, 3, "0.666667")]
    [InlineData(12, 1, "12")]
    [InlineData(-5, 2, "-2.5")]
    [InlineData(100, 10, "10")]
    public void A_quantity_is_written_with_six_digits_at_most(int numerator, int denominator, string text) =>
        new Fraction(numerator, denominator).ToDecimalText(6).ShouldBe(text);
}
