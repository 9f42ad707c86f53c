using System.Numerics;

namespace Latchkey.Billing.Plans;

/// <summary>
/// The price of what is used in a month: a free allowance, then tiers. Each tier holds for the units within it, as with income tax. A month
/// has its whole allowance, however long the application was active.
/// </summary>
public sealed record UsagePrice(long Free, IReadOnlyList<PriceTier> Tiers)
{
    public static UsagePrice Nothing { get; } = new(0, [new(null, 0)]);

    /// <summary>The exact amount of a quantity, in minor units.</summary>
    public Fraction AmountOf(Fraction quantity, Currency currency)
    {
        var charged = quantity - Fraction.Of(Free);
        var (amount, from) = (Fraction.Zero, Fraction.Zero);
        foreach (var tier in Tiers)
        {
            var to = tier.UpTo is { } last ? Fraction.Min(charged, Fraction.Of(last)) : charged;
            if (to > from)
            {
                amount += new UnitPrice(tier.Millionths, currency).Of(to - from);
            }

            from = Fraction.Of(tier.UpTo ?? BigInteger.Zero);
        }

        return amount;
    }

    /// <summary>The one price of a unit; null when there are several tiers.</summary>
    public string? SinglePrice(Currency currency) => Tiers is [var only] ? new UnitPrice(only.Millionths, currency).ToDecimalText() : null;
}
