using System.Numerics;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Billing;

/// <summary>
/// The price of one unit, in millionths of a minor unit, so that 0.0004 EUR a mail can be said (40,000 millionths of a cent).
/// </summary>
public readonly record struct UnitPrice(long Millionths, Currency Currency)
{
    /// <summary>The digits that a price has beyond the currency's own.</summary>
    private const int ExtraDigits = 6;

    /// <summary>The highest price: a billion minor units. Prices times the largest counts stay far from what an amount can hold.</summary>
    public const long MaxMillionths = 1_000_000_000_000_000;

    /// <summary>Reads a price in major units, such as 0.0004; 602 with a sentence when it is negative, too fine or too high.</summary>
    public static Result<UnitPrice> Parse(string text, Currency currency)
    {
        var digits = currency.Exponent + ExtraDigits;
        return DecimalText.Parse(text.Trim(), digits) switch
        {
            null => Setting.Invalid($"A price in {currency} is a number with at most {digits} digits after the point, such as 0.05."),
            < 0 => Setting.Invalid("A price cannot be negative."),
            > MaxMillionths => Setting.Invalid(
                $"A price in {currency} is at most {new UnitPrice(MaxMillionths, currency).ToDecimalText()}."
            ),
            { } millionths => new UnitPrice(millionths, currency),
        };
    }

    /// <summary>The exact amount of a quantity, in minor units.</summary>
    public Fraction Of(Fraction quantity) => new Fraction(Millionths, BigInteger.Pow(10, ExtraDigits)) * quantity;

    /// <summary>In major units with the digits that it needs, and at least the currency's own: 0.0004, 1.50.</summary>
    public string ToDecimalText()
    {
        var text = DecimalText.Format(Millionths, Currency.Exponent + ExtraDigits);
        var least = text.Length - ExtraDigits;
        var trimmed = text.TrimEnd('0');
        return (trimmed.Length > least ? trimmed : text[..least]).TrimEnd('.');
    }

    public override string ToString() => $"{ToDecimalText()} {Currency?.Code}";
}
