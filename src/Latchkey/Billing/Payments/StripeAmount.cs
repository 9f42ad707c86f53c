using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Billing.Payments;

/// <summary>
/// Amounts as Stripe's API has them (https://docs.stripe.com/currencies): the smallest unit of the currency, with exceptions. Where Stripe
/// cannot say an amount exactly, the nearest one is charged, of two that are as near the one that is even.
/// </summary>
public static class StripeAmount
{
    /// <summary>How many of our minor units (ISO 4217) are one unit of Stripe's, where that is not one.</summary>
    private static readonly Dictionary<string, Fraction> UnitsOfOurs = new(StringComparer.Ordinal)
    {
        // Without decimals at ISO 4217, with two decimals that must be 00 at Stripe.
        ["ISK"] = new(1, 100),
        ["UGX"] = new(1, 100),
        // The ariary has fifths, which ISO 4217 counts as two decimals; at Stripe it has none.
        ["MGA"] = new(100, 1),
    };

    /// <summary>Three decimals at Stripe too, but the last must be 0.</summary>
    private static readonly string[] LastDigitZero = ["BHD", "JOD", "KWD", "OMR", "TND"];

    /// <summary>Currencies of ISO 4217 with units that Stripe has no rule for.</summary>
    private static readonly string[] NotTaken = ["IQD", "LYD", "CLF", "UYW", "UYI"];

    /// <summary>
    /// The least that Stripe takes, in units that are the same there and here (https://docs.stripe.com/currencies, minimum charge
    /// amounts). In other currencies Stripe asks for as much as its least amount in the currency of the payout, and says so.
    /// </summary>
    private static readonly (long Units, string[] Currencies)[] Least =
    [
        (30, ["GBP"]),
        (50, ["AUD", "BRL", "CAD", "CHF", "EUR", "INR", "JPY", "NZD", "SGD", "USD"]),
        (200, ["AED", "MYR", "PLN", "RON"]),
        (250, ["DKK"]),
        (300, ["NOK", "SEK"]),
        (400, ["HKD"]),
        (1000, ["MXN", "THB"]),
        (1500, ["CZK"]),
        (17_500, ["HUF"]),
    ];

    /// <summary>The amount for Stripe; refused for a currency that Stripe does not take, and for less than it takes.</summary>
    public static Result<long> Of(Money amount)
    {
        var code = amount.Currency.Code;
        if (NotTaken.Contains(code))
        {
            return Setting.Invalid($"Stripe does not take {code}. Pay as the invoice says.");
        }

        var least = new Money(Array.Find(Least, row => row.Currencies.Contains(code)).Units, amount.Currency);
        if (amount.MinorUnits < least.MinorUnits)
        {
            return Setting.Invalid($"Stripe does not take less than {least}. Pay as the invoice says.");
        }

        var exact = Fraction.Of(amount.MinorUnits);
        return LastDigitZero.Contains(code) ? checked((long)(exact * new Fraction(1, 10)).RoundHalfToEven() * 10)
            : UnitsOfOurs.TryGetValue(code, out var unit)
                ? checked((long)(exact * new Fraction(unit.Denominator, unit.Numerator)).RoundHalfToEven())
            : amount.MinorUnits;
    }
}
