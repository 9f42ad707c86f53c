using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Messages.Outbox;

/// <summary>The delivery log of an application's mails and SMS: filtered, paged, and as CSV.</summary>
public sealed class DeliveryLog(Database database, DeliveryLogStore store)
{
    /// <summary>The highest number of waiting or failed messages that is counted.</summary>
    public const int MaxCounted = 1000;
    public const string CsvHeader = "time,channel,recipient,kind,status,attempts,answer,sent\r\n";
    private const int BatchSize = 2000;

    /// <summary>One page, newest first, and the cursor of the next page (null on the last).</summary>
    public async Task<(IReadOnlyList<DeliveryLine> Messages, LogCursor? Next)> Page(
        string appId,
        DeliveryFilter filter,
        LogCursor after,
        int size
    )
    {
        var messages = await database.Read(db => Messages(db, appId, filter, after, size + 1));
        return messages.Count <= size
            ? (messages, null)
            : ([.. messages.Take(size)], new LogCursor(messages[size - 1].CreatedAt, messages[size - 1].Id));
    }

    /// <summary>The newest messages to each form of the recipient, merged.</summary>
    private async Task<IReadOnlyList<DeliveryLine>> Messages(
        DbConnection db,
        string appId,
        DeliveryFilter filter,
        LogCursor after,
        int limit
    )
    {
        var messages = new List<DeliveryLine>();
        foreach (var recipient in Handle.SpellingsOf(Handle.Normalise(filter.Recipient)))
        {
            messages.AddRange(await store.Page(db, appId, filter, recipient, after, limit));
        }

        return [.. messages.OrderByDescending(one => one.CreatedAt).ThenByDescending(one => one.Id, StringComparer.Ordinal).Take(limit)];
    }

    /// <summary>All messages, read page by page.</summary>
    public async IAsyncEnumerable<IReadOnlyList<DeliveryLine>> Pages(
        string appId,
        DeliveryFilter filter,
        [EnumeratorCancellation] CancellationToken stop = default
    )
    {
        for (LogCursor? next = LogCursor.Start; next is { } cursor; )
        {
            stop.ThrowIfCancellationRequested();
            (var messages, next) = await Page(appId, filter, cursor, BatchSize);
            yield return messages;
        }
    }

    /// <summary>Counts the waiting and the failed messages, each up to <see cref="MaxCounted"/> + 1.</summary>
    public Task<(int Waiting, int Failed)> CountUnsent(string appId) =>
        database.Read(async db =>
            (
                await store.CountUpTo(db, appId, MessageStatus.Pending, MaxCounted + 1),
                await store.CountUpTo(db, appId, MessageStatus.Failed, MaxCounted + 1)
            )
        );

    public static string ToCsv(IReadOnlyList<DeliveryLine> messages)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, Csv.Options, leaveOpen: true))
        {
            foreach (var message in messages)
            {
                Csv.WriteLine(
                    csv,
                    [
                        Time(message.CreatedAt),
                        message.Channel,
                        message.Recipient,
                        message.Kind,
                        StatusText(message.Status),
                        message.Attempts.ToString(CultureInfo.InvariantCulture),
                        message.Answer,
                        message.SentAt is { } at ? Time(at) : "",
                    ]
                );
            }
        }

        return text.ToString();
    }

    /// <summary>The display text of a status.</summary>
    public static string StatusText(string status) =>
        status switch
        {
            MessageStatus.Pending => "waiting",
            MessageStatus.Mailbox => "in the mailbox",
            _ => status,
        };

    private static string Time(long at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
