using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Messages.Outbox;

/// <summary>
/// An application's budget of messages per hour (<c>messagesPerHour</c>), charged when a message is queued. A quarter is reserved for
/// messages to users, and those that servers and the portal send. One network gets at most a quarter of what is left, and a few in any case,
/// so that however many networks take what they can, something is left for the next one.
/// </summary>
public sealed class MessageBudget(RateLimits limits, LimitStore store, TimeProvider clock)
{
    /// <summary>The messages that a network gets even if the budget is nearly used up.</summary>
    private const int FewInAnyCase = 5;

    private static readonly WindowLimit Total = DefaultLimits.MessagesPerApplication;

    /// <summary>700 if another message would not be allowed now. It charges nothing.</summary>
    public async Task<Error?> Check(DbConnection db, Application application, MessagePurpose purpose)
    {
        if (!limits.AreOn)
        {
            return null;
        }

        var counts = await db.QueryNumbers(
            store.SelectUnexpired(TotalBucket(application, purpose), clock.Now()),
            store.SelectUnexpired(StrangersBucket(application, purpose), clock.Now()),
            store.SelectUnexpired(NetworkBucket(application, purpose), clock.Now())
        );
        return FullBucket(application, purpose, counts[0] ?? 0, counts[1] ?? 0, counts[2] ?? 0) is { } full
            ? await Refuse(db, application, purpose, full)
            : null;
    }

    /// <summary>
    /// Charges a message. Runs in the transaction that queues it. 700, without a charge, when there is none left. The application's row is
    /// locked until the transaction ends, so the counts are exact.
    /// </summary>
    public async Task<Error?> Charge(DbConnection db, Application application, MessagePurpose purpose)
    {
        if (!limits.AreOn)
        {
            return null;
        }

        var (now, hour, total) = (clock.Now(), RateLimits.Milliseconds(Total.Window), TotalBucket(application, purpose));
        var counts = await db.QueryNumbers(
            store.AcquireFromWindow(total, application.Settings.MessagesPerHour, hour, now),
            store.SelectUnexpired(StrangersBucket(application, purpose), now),
            store.SelectUnexpired(NetworkBucket(application, purpose), now)
        );
        if (counts[0] is not { } charged)
        {
            return await Refuse(db, application, purpose, Total);
        }

        if (FullBucket(application, purpose, charged - 1, counts[1] ?? 0, counts[2] ?? 0) is { } full)
        {
            await store.Release(db, total, now);
            return await Refuse(db, application, purpose, full);
        }

        if (!purpose.IsForUser)
        {
            await store.Add(db, StrangersBucket(application, purpose), hour, now);
        }

        if (purpose.Network is not null)
        {
            await store.Add(db, NetworkBucket(application, purpose), hour, now);
        }

        return null;
    }

    /// <summary>The limit that another message would exceed; null for none.</summary>
    /// <param name="total">All messages of the hour.</param>
    /// <param name="strangers">Those to recipients who are not users.</param>
    /// <param name="ofNetwork">Those that the network requested.</param>
    private static WindowLimit? FullBucket(Application application, MessagePurpose purpose, long total, long strangers, long ofNetwork)
    {
        var perHour = application.Settings.MessagesPerHour;
        var left = perHour - total;
        var leftForIt = purpose.IsForUser ? left : Math.Min(left, perHour - (perHour / 4) - strangers);
        return left <= 0 ? Total
            : leftForIt <= 0 ? DefaultLimits.MessagesToStrangers
            : purpose.Network is not null && ofNetwork >= Math.Max(FewInAnyCase, leftForIt / 4) ? DefaultLimits.MessagesForNetwork
            : null;
    }

    private Task<Error> Refuse(DbConnection db, Application application, MessagePurpose purpose, WindowLimit full) =>
        limits.Refuse(
            db,
            full,
            application.Id,
            full == DefaultLimits.MessagesForNetwork ? $"{purpose.Channel}|{purpose.Network}" : purpose.Channel
        );

    private static string TotalBucket(Application application, MessagePurpose purpose) =>
        RateLimits.Bucket(Total, application.Id, purpose.Channel);

    private static string StrangersBucket(Application application, MessagePurpose purpose) =>
        RateLimits.Bucket(DefaultLimits.MessagesToStrangers, application.Id, purpose.Channel);

    private static string NetworkBucket(Application application, MessagePurpose purpose) =>
        RateLimits.Bucket(DefaultLimits.MessagesForNetwork, application.Id, $"{purpose.Channel}|{purpose.Network}");
}
