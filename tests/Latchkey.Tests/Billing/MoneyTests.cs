using System.Numerics;
using Latchkey.Billing;

namespace Latchkey.Tests.Billing;

/// <summary>Money is whole minor units of a currency: sums are exact, and rounding is half to even.</summary>
public sealed class MoneyTests
{
    private static readonly Currency Euro = Currency.FromStored("EUR");

    [Theory]
    [InlineData("EUR", 2)]
    [InlineData("jpy", 0)]
    [InlineData(" KWD ", 3)]
    [InlineData("CLF", 4)]
    [InlineData("XCG", 2)]
    public void A_code_of_iso_4217_has_its_exponent(string code, int exponent) => Currency.Parse(code).Value!.Exponent.ShouldBe(exponent);

    [Theory]
    [InlineData("")]
    [InlineData("EURO")]
    [InlineData("XXX")]
    [InlineData("XAU")]
    [InlineData("HRK")]
    [InlineData("ＥＵＲ")]
    public void Another_code_is_refused_with_a_sentence(string code) =>
        Currency.Parse(code).Error!.Message.ShouldBe("The currency must be a code of ISO 4217, such as EUR, USD or JPY.");

    [Fact]
    public void All_active_codes_are_known() => Currency.All.Count.ShouldBe(165);

    [Theory]
    [InlineData(5, 2, 2)]
    [InlineData(7, 2, 4)]
    [InlineData(1, 2, 0)]
    [InlineData(3, 2, 2)]
    [InlineData(-1, 2, 0)]
    [InlineData(-3, 2, -2)]
    [InlineData(-5, 2, -2)]
    [InlineData(-7, 4, -2)]
    [InlineData(1, 3, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(-2, 3, -1)]
    [InlineData(6, 3, 2)]
    public void Rounding_is_half_to_even(int numerator, int denominator, long units) =>
        Money.Round(new Fraction(numerator, denominator), Euro).MinorUnits.ShouldBe(units);

    [Theory]
    [InlineData("EUR", 123456, "1234.56")]
    [InlineData("EUR", -5, "-0.05")]
    [InlineData("JPY", 1200, "1200")]
    [InlineData("KWD", 1, "0.001")]
    [InlineData("CLF", 123456, "12.3456")]
    [InlineData("EUR", long.MinValue, "-92233720368547758.08")]
    public void Decimal_text_has_the_digits_of_the_currency(string code, long units, string text) =>
        new Money(units, Currency.FromStored(code)).ToDecimalText().ShouldBe(text);

    [Theory]
    [InlineData("EUR", "12.5", 1250)]
    [InlineData("EUR", "12.500", 1250)]
    [InlineData("EUR", "0", 0)]
    [InlineData("JPY", "1200", 1200)]
    [InlineData("KWD", "0.001", 1)]
    [InlineData("CLF", "1.0001", 10001)]
    public void Decimal_text_is_read(string code, string text, long units) =>
        Money.Parse(text, Currency.FromStored(code)).Value.MinorUnits.ShouldBe(units);

    [Theory]
    [InlineData("EUR", "12.505")]
    [InlineData("EUR", "1,5")]
    [InlineData("EUR", "1.")]
    [InlineData("EUR", ".5")]
    [InlineData("EUR", "1e3")]
    [InlineData("EUR", "+1")]
    [InlineData("EUR", "")]
    [InlineData("EUR", "١")]
    [InlineData("JPY", "1.5")]
    [InlineData("EUR", "99999999999999999999")]
    public void Other_text_is_refused(string code, string text) => Money.Parse(text, Currency.FromStored(code)).Succeeded.ShouldBeFalse();

    [Theory]
    [InlineData("EN", "1,234,567.89\u00A0EUR")]
    [InlineData("DE", "1.234.567,89\u00A0EUR")]
    [InlineData("PT-BR", "1.234.567,89\u00A0EUR")]
    [InlineData("FR-CA", "1\u202F234\u202F567,89\u00A0EUR")]
    [InlineData("ES-MX", "1,234,567.89\u00A0EUR")]
    public void An_amount_is_written_as_the_language_does(string language, string text) =>
        new Money(123456789, Euro).Format(language).ShouldBe(text);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(12, "12")]
    [InlineData(123, "123")]
    [InlineData(-1234, "-1,234")]
    public void Groups_are_of_three_digits(long yen, string text) =>
        new Money(yen, Currency.FromStored("JPY")).Format("EN").ShouldBe(text + "\u00A0JPY");

    [Fact]
    public void A_sum_that_does_not_fit_is_refused()
    {
        var most = new Money(long.MaxValue, Euro);
        Should.Throw<OverflowException>(() => most + new Money(1, Euro));
        Should.Throw<OverflowException>(() => -new Money(long.MinValue, Euro));
        Should.Throw<OverflowException>(() => Money.Round(Fraction.Of((BigInteger)long.MaxValue + 1), Euro));
    }

    [Fact]
    public void Two_currencies_are_never_added() =>
        Should.Throw<InvalidOperationException>(() => new Money(1, Euro) + new Money(1, Currency.FromStored("USD")));

    [Theory]
    [InlineData(1000, 1900, 190)]
    [InlineData(50, 1900, 10)]
    [InlineData(250, 100, 2)]
    [InlineData(350, 100, 4)]
    [InlineData(-250, 100, -2)]
    [InlineData(333, 1900, 63)]
    public void A_percentage_is_rounded_half_to_even(long units, int rate, long tax) =>
        new Money(units, Euro).Percentage(rate).MinorUnits.ShouldBe(tax);
}
