using System.Data.Common;
using System.Numerics;
using Latchkey.Activity.Metering;
using Latchkey.Applications;

namespace Latchkey.Billing.Statements;

/// <summary>Reads what an application used from the metered events. The same events always give the same reading.</summary>
public sealed class UsageMeter(MeterReadings store)
{
    private const string Development = "development";

    /// <summary>The reading of a month until a time, or until its end.</summary>
    /// <param name="until">Unix milliseconds, exclusive.</param>
    public async Task<UsageReading> Read(DbConnection db, string appId, CalendarMonth month, long until)
    {
        var end = Math.Clamp(until, month.Start, month.End);
        var spans = Spans(await store.States(db, appId, end), month.Start, end);
        var charged = spans.Where(IsCharged).ToList();
        var uses = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var span in charged)
        {
            foreach (var (kind, count) in await store.CountUses(db, appId, month, span.From, span.To))
            {
                uses[kind] = uses.GetValueOrDefault(kind) + count;
            }
        }

        var stored = charged.Count == 0 ? [] : await store.Storage(db, appId, month.Start, end);
        return new UsageReading
        {
            AppId = appId,
            Month = month,
            Name = spans.Count > 0 ? spans[^1].State.Name : "",
            Milliseconds = spans
                .GroupBy(StatusOf, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Sum(span => span.To - span.From), StringComparer.Ordinal),
            ChargedMilliseconds = charged.Sum(span => span.To - span.From),
            ActiveUsers = uses.GetValueOrDefault(MeterKind.ActiveUser),
            Mails = uses.GetValueOrDefault(MeterKind.Mail),
            Sms = uses.GetValueOrDefault(MeterKind.Sms),
            ByteMilliseconds = charged.Aggregate(BigInteger.Zero, (sum, span) => sum + ByteMilliseconds(stored, span)),
        };
    }

    private static List<(MeteredState State, long From, long To)> Spans(IReadOnlyList<MeteredState> states, long from, long to) =>
        [
            .. states
                .Select(
                    (state, i) =>
                        (
                            State: state,
                            From: Math.Max(state.BeganAt, from),
                            To: Math.Min(i + 1 < states.Count ? states[i + 1].BeganAt : to, to)
                        )
                )
                .Where(span => span.From < span.To),
        ];

    private static BigInteger ByteMilliseconds(IReadOnlyList<StoredBytes> stored, (MeteredState State, long From, long To) span)
    {
        var sum = BigInteger.Zero;
        for (var i = 0; i < stored.Count; i++)
        {
            var from = Math.Max(stored[i].At, span.From);
            var to = Math.Min(i + 1 < stored.Count ? stored[i + 1].At : span.To, span.To);
            sum += (BigInteger)stored[i].Bytes * Math.Max(0, to - from);
        }

        return sum;
    }

    private static bool IsCharged((MeteredState State, long From, long To) span) =>
        span.State is { Type: ApplicationType.Commercial, Status: ApplicationStatus.Active };

    private static string StatusOf((MeteredState State, long From, long To) span) =>
        span.State is { Type: ApplicationType.Development, Status: not MeteredState.Deleted } ? Development : span.State.Status;
}
