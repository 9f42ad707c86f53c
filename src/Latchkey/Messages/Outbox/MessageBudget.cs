using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Providers;

namespace Latchkey.Messages.Outbox;

/// <summary>
/// An application's budget of messages per hour (<c>messagesPerHour</c>), charged when a message is queued. A quarter is reserved for
/// messages to users, and those that servers and the portal send. One site gets at most a quarter of what is left, and a few in any case.
/// Twenty sites or so can use up what strangers may send, and what is reserved stays. In addition: the recipients of a day, while the
/// installation's providers send.
/// </summary>
public sealed class MessageBudget(RateLimits limits, LimitStore store, MessageProviders providers, TimeProvider clock)
{
    /// <summary>The messages that a site gets even if the budget is nearly used up.</summary>
    private const int FewInAnyCase = 5;

    private static readonly WindowLimit Recipients = DefaultLimits.RecipientsPerDay;
    private static readonly WindowLimit Total = DefaultLimits.MessagesPerApplication;

    /// <summary>402 or 700 if another message would not be allowed now. It charges nothing.</summary>
    public async Task<Error?> Check(DbConnection db, Application application, MessagePurpose purpose, string recipient)
    {
        if (application.CannotSend is not null || !limits.AreOn)
        {
            return application.CannotSend;
        }

        var counts = await db.QueryNumbers([
            store.SelectUnexpired(TotalBucket(application, purpose), clock.Now()),
            .. Others(application, purpose, recipient),
        ]);
        return FullLimit(application, purpose, Usage.From(counts)) is { } full ? await Refuse(db, application, purpose, full) : null;
    }

    /// <summary>
    /// Charges a message. Runs in the transaction that queues it. 402 or 700, without a charge, when it is not allowed. The application's
    /// row is locked until the transaction ends, so the counts are exact.
    /// </summary>
    public async Task<Error?> Charge(DbConnection db, Application application, MessagePurpose purpose, string recipient)
    {
        if (application.CannotSend is not null || !limits.AreOn)
        {
            return application.CannotSend;
        }

        var (now, hour, total) = (clock.Now(), RateLimits.Milliseconds(Total.Window), TotalBucket(application, purpose));
        var counts = await db.QueryNumbers([
            store.AcquireFromWindow(total, application.Settings.MessagesPerHour, hour, now),
            .. Others(application, purpose, recipient),
        ]);
        if (counts[0] is not { } charged)
        {
            return await Refuse(db, application, purpose, Total);
        }

        if (FullLimit(application, purpose, Usage.From(counts) with { Total = charged - 1 }) is { } full)
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

    /// <summary>
    /// Counts the recipient of a message that is queued, while the installation's provider sends it. A recipient of the same day is counted
    /// once. 700 when the application has reached its recipients of the day.
    /// </summary>
    public async Task<Error?> CountRecipient(DbConnection db, Application application, string channel, string recipient)
    {
        if (!BoundsRecipients(application, channel))
        {
            return null;
        }

        var (now, day, known) = (clock.Now(), RateLimits.Milliseconds(Recipients.Window), KnownBucket(application, channel, recipient));
        var counts = await db.QueryNumbers(
            store.SelectUnexpired(known, now),
            store.AcquireFromWindow(RecipientsBucket(application, channel), application.RecipientsPerDay, day, now, unless: known)
        );
        if (counts[0] is null && counts[1] is null)
        {
            return await limits.Refuse(db, Recipients, application.Id, channel);
        }

        if (counts[0] is null)
        {
            await store.SetMarker(db, known, now + day);
        }

        return null;
    }

    /// <summary>The counts of <see cref="Usage"/> after the total.</summary>
    private IEnumerable<(string Sql, object Parameters)> Others(Application application, MessagePurpose purpose, string recipient)
    {
        yield return store.SelectUnexpired(StrangersBucket(application, purpose), clock.Now());
        yield return store.SelectUnexpired(NetworkBucket(application, purpose), clock.Now());
        if (BoundsRecipients(application, purpose.Channel))
        {
            yield return store.SelectUnexpired(KnownBucket(application, purpose.Channel, recipient), clock.Now());
            yield return store.SelectUnexpired(RecipientsBucket(application, purpose.Channel), clock.Now());
        }
    }

    private bool BoundsRecipients(Application application, string channel) =>
        limits.AreOn && application.RecipientsPerDay > 0 && providers.UsesInstallation(application, channel);

    /// <summary>The limit that another message would exceed; null for none.</summary>
    private WindowLimit? FullLimit(Application application, MessagePurpose purpose, Usage usage)
    {
        var perHour = application.Settings.MessagesPerHour;
        var left = perHour - usage.Total;
        var leftForIt = purpose.IsForUser ? left : Math.Min(left, perHour - (perHour / 4) - usage.ToStrangers);
        return left <= 0 ? Total
            : leftForIt <= 0 ? DefaultLimits.MessagesToStrangers
            : purpose.Network is not null && usage.OfNetwork >= Math.Max(FewInAnyCase, leftForIt / 4) ? DefaultLimits.MessagesForNetwork
            : usage.Recipients >= application.RecipientsPerDay && !usage.IsRecipientOfTheDay ? Recipients
            : null;
    }

    private Task<Error> Refuse(DbConnection db, Application application, MessagePurpose purpose, WindowLimit full) =>
        limits.Refuse(
            db,
            full,
            application.Id,
            full == DefaultLimits.MessagesForNetwork ? $"{purpose.Channel}|{SiteOf(purpose)}" : purpose.Channel
        );

    private static string TotalBucket(Application application, MessagePurpose purpose) =>
        RateLimits.Bucket(Total, application.Id, purpose.Channel);

    private static string StrangersBucket(Application application, MessagePurpose purpose) =>
        RateLimits.Bucket(DefaultLimits.MessagesToStrangers, application.Id, purpose.Channel);

    private static string NetworkBucket(Application application, MessagePurpose purpose) =>
        RateLimits.Bucket(DefaultLimits.MessagesForNetwork, application.Id, $"{purpose.Channel}|{SiteOf(purpose)}");

    private static string SiteOf(MessagePurpose purpose) => ClientAddress.SiteOf(purpose.Network ?? "");

    private static string KnownBucket(Application application, string channel, string recipient) =>
        RateLimits.Bucket(Recipients, application.Id, $"{channel}|{Handle.KeyOf(recipient)}");

    private static string RecipientsBucket(Application application, string channel) =>
        RateLimits.Bucket(Recipients, application.Id, channel);

    /// <summary>What the application has sent.</summary>
    /// <param name="Total">All messages of the hour.</param>
    /// <param name="ToStrangers">Those to recipients who are not users.</param>
    /// <param name="OfNetwork">Those that the network requested.</param>
    /// <param name="IsRecipientOfTheDay">The recipient got a message today.</param>
    /// <param name="Recipients">The recipients of the day; null for none, or when they have no limit.</param>
    private readonly record struct Usage(long Total, long ToStrangers, long OfNetwork, bool IsRecipientOfTheDay, long? Recipients)
    {
        public static Usage From(IReadOnlyList<long?> counts) =>
            new(counts[0] ?? 0, counts[1] ?? 0, counts[2] ?? 0, counts.ElementAtOrDefault(3) is not null, counts.ElementAtOrDefault(4));
    }
}
