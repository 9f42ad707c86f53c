using System.Globalization;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Billing.Plans;

/// <summary>
/// A price of usage as people write it: <c>0.01</c>, <c>1000 free, 0.01</c>, or with tiers <c>1000 free, 0.01 to 10000, 0.005</c>.
/// </summary>
public static class PriceText
{
    private const int MaxTiers = 10;
    private const long MaxUnits = 1_000_000_000_000;
    private const string FreeWord = " free";
    private const string ToWord = " to ";

    /// <summary>602 with a sentence when a price is negative or too fine, or when the tiers overlap or leave a gap.</summary>
    public static Result<UsagePrice> Parse(string text, Currency currency)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries).ToList();
        var free = 0L;
        if (parts[0].EndsWith(FreeWord, StringComparison.Ordinal))
        {
            if (ParseUnits(parts[0][..^FreeWord.Length]) is not { } units)
            {
                return Setting.Invalid("The free allowance is a whole number, such as 1000 free.");
            }

            (free, parts) = (units, parts[1..]);
        }

        var tiers = new List<PriceTier>();
        foreach (var part in parts)
        {
            if (ParseTier(part, currency).Failed(out var tier, out var refused))
            {
                return refused;
            }

            tiers.Add(tier);
        }

        return Validate(tiers) is { } why ? Setting.Invalid(why) : new UsagePrice(free, tiers);
    }

    public static string Format(UsagePrice price, Currency currency) =>
        string.Join(
            ", ",
            (price.Free > 0 ? new[] { string.Create(CultureInfo.InvariantCulture, $"{price.Free}{FreeWord}") } : []).Concat(
                price.Tiers.Select(tier =>
                    new UnitPrice(tier.Millionths, currency).ToDecimalText()
                    + (tier.UpTo is { } last ? string.Create(CultureInfo.InvariantCulture, $"{ToWord}{last}") : "")
                )
            )
        );

    private static string? Validate(IReadOnlyList<PriceTier> tiers) =>
        tiers.Count is 0 or > MaxTiers ? $"Give one to {MaxTiers} prices, such as 0.01 to 10000, 0.005."
        : tiers[^1].UpTo is not null ? "The tiers leave a gap after the last one. The last price must have no end."
        : tiers.SkipLast(1).Any(tier => tier.UpTo is null) ? "The tiers overlap. Only the last price may have no end."
        : tiers.SkipLast(1).Zip(tiers.Skip(1).SkipLast(1)).Any(pair => pair.First.UpTo >= pair.Second.UpTo)
            ? "The ends of the tiers must rise."
        : null;

    private static Result<PriceTier> ParseTier(string text, Currency currency)
    {
        var to = text.IndexOf(ToWord, StringComparison.Ordinal);
        long? last = null;
        if (to >= 0)
        {
            if (ParseUnits(text[(to + ToWord.Length)..]) is not (> 0 and var end))
            {
                return Setting.Invalid("The end of a tier is a whole number above 0, such as 0.01 to 10000.");
            }

            last = end;
        }

        return UnitPrice.Parse(to >= 0 ? text[..to] : text, currency).Failed(out var price, out var refused)
            ? refused
            : new PriceTier(last, price.Millionths);
    }

    private static long? ParseUnits(string text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units <= MaxUnits ? units : null;
}
