using System.Globalization;
using System.Numerics;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Billing;

/// <summary>An amount in whole minor units: 1999 of EUR is 19.99 euros. Sums are exact; one that does not fit throws.</summary>
public readonly record struct Money(long MinorUnits, Currency Currency)
{
    /// <summary>The longest decimal text that is read, with sign and separator.</summary>
    private const int MaxTextLength = 20;

    public static Money Zero(Currency currency) => new(0, currency);

    public static Money operator +(Money left, Money right) => new(checked(left.MinorUnits + right.MinorUnits), SameCurrency(left, right));

    public static Money operator -(Money left, Money right) => new(checked(left.MinorUnits - right.MinorUnits), SameCurrency(left, right));

    public static Money operator -(Money amount) => amount with { MinorUnits = checked(-amount.MinorUnits) };

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    public static Money Negate(Money amount) => -amount;

    /// <summary>The sum; zero for none.</summary>
    public static Money Sum(Currency currency, IEnumerable<Money> amounts) => amounts.Aggregate(Zero(currency), Add);

    /// <summary>An exact amount in minor units, rounded half to even. This is the one place where money is rounded.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static Money Round(Fraction minorUnits, Currency currency) => new((long)minorUnits.RoundHalfToEven(), currency);

    /// <summary>A share of the amount in hundredths of a percent (1900 is 19 %), rounded half to even.</summary>
    public Money Percentage(int hundredthsOfPercent) => Round(new Fraction((BigInteger)MinorUnits * hundredthsOfPercent, 10_000), Currency);

    /// <summary>Reads decimal text with a point, such as 1234.50; 602 with a sentence for more digits than the currency has.</summary>
    public static Result<Money> Parse(string text, Currency currency)
    {
        var trimmed = text.Trim();
        return DecimalText.Parse(trimmed, currency.Exponent) is { } units && trimmed.Length <= MaxTextLength
            ? new Money(units, currency)
            : Setting.Invalid(
                currency.Exponent == 0
                    ? $"An amount in {currency} is a whole number, such as 1200."
                    : $"An amount in {currency} is a number with at most {currency.Exponent} digits after the point, such as 12.50."
            );
    }

    /// <summary>As decimal text with a point and without the currency: 1234.50.</summary>
    public string ToDecimalText() => DecimalText.Format(MinorUnits, Currency.Exponent);

    /// <summary>For a reader of a language: 1,234.50 EUR in English, 1.234,50 EUR in German.</summary>
    /// <param name="language">A code of <see cref="Messages.Templates.Languages"/>.</param>
    public string Format(string language) => $"{NumberText.Of(language).Write(ToDecimalText())}\u00A0{Currency.Code}";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ToDecimalText()} {Currency?.Code}");

    private static Currency SameCurrency(Money left, Money right) =>
        left.Currency == right.Currency
            ? left.Currency
            : throw new InvalidOperationException($"{left.Currency} and {right.Currency} cannot be added");
}
