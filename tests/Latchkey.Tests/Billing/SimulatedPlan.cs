using System.Globalization;

namespace Latchkey.Tests.Billing;

/// <summary>Prices as plain numbers, in millionths of a minor unit, by the month from which they hold.</summary>
public sealed class SimulatedPlan(int exponent)
{
    private readonly SortedDictionary<int, Terms> versions = [];

    public string Id { get; set; } = "";

    public void Change(Random random, int month)
    {
        long Price() => random.NextInt64(10_000_000);
        versions[month] = new(
            random.NextInt64(5_000_000_000),
            random.Next(20),
            Price(),
            random.Next(1, 15),
            Price(),
            random.Next(10),
            Price(),
            Price(),
            random.Next(5),
            random.NextInt64(500_000_000)
        );
    }

    public Terms In(int month) => versions.Last(version => version.Key <= month).Value;

    /// <summary>As the product takes them.</summary>
    public (string Name, string Price)[] Prices(int month)
    {
        var terms = In(month);
        return
        [
            ("month", Text(terms.Month)),
            ("activeUser", $"{terms.FreeUsers} free, {Text(terms.UserPrice)} to {terms.FirstTier}, {Text(terms.LaterUserPrice)}"),
            ("mail", $"{terms.FreeMails} free, {Text(terms.Mail)}"),
            ("sms", Text(terms.Sms)),
            ("storage", $"{terms.FreeGigabytes} free, {Text(terms.Gigabyte)}"),
            ("taxRate", "19"),
        ];
    }

    private string Text(long millionths)
    {
        var digits = millionths.ToString(CultureInfo.InvariantCulture).PadLeft(exponent + 7, '0');
        return $"{digits[..^(exponent + 6)]}.{digits[^(exponent + 6)..]}";
    }

    public sealed record Terms(
        long Month,
        int FreeUsers,
        long UserPrice,
        int FirstTier,
        long LaterUserPrice,
        int FreeMails,
        long Mail,
        long Sms,
        int FreeGigabytes,
        long Gigabyte
    );
}
