using System.Numerics;

namespace Latchkey.Tests.Billing;

/// <summary>The facts of an application's year, and what they cost: plain arithmetic that shares nothing with the product.</summary>
public sealed class SimulatedApp(string id, string currency)
{
    private static readonly BigInteger Million = 1_000_000;
    private static readonly BigInteger Gigabyte = 1_000_000_000;

    public string Id { get; } = id;

    public string Currency { get; } = currency;

    public List<(long At, string Type, string Status)> States { get; } = [];

    public List<(long At, long Bytes)> Stored { get; } = [];

    public List<(long At, string Kind, string Subject)> Uses { get; } = [];

    public List<(int Month, SimulatedPlan Plan)> Assigned { get; } = [];

    public string Type => States[^1].Type;

    public string Status => States[^1].Status;

    public bool IsDeleted => Status == "deleted";

    /// <summary>The costs of a month before tax, in minor units.</summary>
    public long Costs(int year, int month)
    {
        var (from, to) = (
            SimulatedYear.Start(year, month),
            month == 12 ? SimulatedYear.Start(year + 1, 1) : SimulatedYear.Start(year, month + 1)
        );
        var terms = Assigned.Last(one => one.Month <= year * 100 + month).Plan.In(year * 100 + month);
        var (length, active) = (to - from, 0L);
        BigInteger byteMilliseconds = 0;
        // Every stretch between two facts has one state and one number of bytes.
        var cuts = States.Select(state => state.At).Concat(Stored.Select(one => one.At)).Append(from).Append(to);
        var points = cuts.Where(at => at >= from && at <= to).Distinct().Order().ToList();
        for (var i = 0; i + 1 < points.Count; i++)
        {
            if (IsCharged(points[i]))
            {
                active += points[i + 1] - points[i];
                byteMilliseconds += (BigInteger)BytesAt(points[i]) * (points[i + 1] - points[i]);
            }
        }

        var users = UserPrices(terms, Count("active_user", from, to));
        var mails = (BigInteger)Math.Max(0, Count("mail", from, to) - terms.FreeMails) * terms.Mail;
        var sms = (BigInteger)Count("sms", from, to) * terms.Sms;
        var storage = BigInteger.Max(0, byteMilliseconds - terms.FreeGigabytes * Gigabyte * length) * terms.Gigabyte;
        return (long)(
            Round((BigInteger)terms.Month * active, Million * length)
            + Round(users, Million)
            + Round(mails, Million)
            + Round(sms, Million)
            + Round(storage, Million * Gigabyte * length)
        );
    }

    private static BigInteger UserPrices(SimulatedPlan.Terms terms, int users)
    {
        BigInteger sum = 0;
        for (var user = terms.FreeUsers + 1; user <= users; user++)
        {
            sum += user - terms.FreeUsers <= terms.FirstTier ? terms.UserPrice : terms.LaterUserPrice;
        }

        return sum;
    }

    /// <summary>Each subject counts once a month: when it came first.</summary>
    private int Count(string kind, long from, long to) =>
        Uses.Where(use => use.Kind == kind && use.At >= from && use.At < to)
            .OrderBy(use => use.At)
            .DistinctBy(use => use.Subject)
            .Count(use => IsCharged(use.At));

    private bool IsCharged(long at) => States.Last(state => state.At <= at) is { Type: "commercial", Status: "active" };

    private long BytesAt(long at) => Stored.LastOrDefault(one => one.At <= at).Bytes;

    /// <summary>Half to even, for numbers that are not negative.</summary>
    private static BigInteger Round(BigInteger numerator, BigInteger denominator)
    {
        var (whole, rest) = (numerator / denominator, numerator % denominator * 2);
        return rest > denominator || (rest == denominator && whole % 2 == 1) ? whole + 1 : whole;
    }
}
