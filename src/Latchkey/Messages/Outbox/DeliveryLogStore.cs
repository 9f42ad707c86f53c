using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Messages.Outbox;

/// <summary>Reads the table messages as a log: envelopes without bodies, newest first.</summary>
public sealed class DeliveryLogStore
{
    /// <param name="recipient">The filter's recipient as the log has it. With several at once, no index would give the order.</param>
    public async Task<IReadOnlyList<DeliveryLine>> Page(
        DbConnection db,
        string appId,
        DeliveryFilter filter,
        string recipient,
        LogCursor after,
        int limit
    ) =>
        [
            .. await db.QueryAsync<DeliveryLine>(
                $"""
                SELECT id, channel, recipient, kind, status, attempts, answer, created_at, sent_at FROM messages
                WHERE {Conditions(filter)} AND created_at <= @at AND (created_at < @at OR id < @id)
                ORDER BY created_at DESC, id DESC LIMIT @limit
                """,
                new
                {
                    appId,
                    recipient,
                    filter.Kind,
                    from = filter.Days.From,
                    until = filter.Days.Until,
                    at = after.At,
                    id = after.Id,
                    limit,
                }
            ),
        ];

    /// <summary>Counts the messages with this status, up to <paramref name="limit"/>.</summary>
    public Task<int> CountUpTo(DbConnection db, string appId, string status, int limit) =>
        db.QuerySingleAsync<int>(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM messages WHERE app_id = @appId AND status = '{Validated(status)}' LIMIT @limit) counted",
            new { appId, limit }
        );

    /// <summary>
    /// The status is a literal, so that both engines recognise its partial index. When a recipient is given, its index is the best one; the
    /// other columns are written as expressions that no index matches.
    /// </summary>
    private static string Conditions(DeliveryFilter filter)
    {
        var byRecipient = filter.Recipient.Length > 0;
        var isIndexed = byRecipient || filter.Status.Length > 0; // by another index
        var conditions = new List<string> { byRecipient ? "app_id = @appId AND recipient = @recipient" : "app_id = @appId" };
        if (filter.Kind.Length > 0)
        {
            conditions.Add(isIndexed ? "kind || '' = @Kind" : "kind = @Kind");
        }

        if (filter.Channel.Length > 0)
        {
            var column = isIndexed || filter.Kind.Length > 0 ? "channel || ''" : "channel";
            conditions.Add($"{column} = '{(filter.Channel == MessageChannel.Sms ? MessageChannel.Sms : MessageChannel.Email)}'");
        }

        if (filter.Status.Length > 0)
        {
            conditions.Add($"status{(byRecipient ? " || ''" : "")} = '{Validated(filter.Status)}'");
        }

        conditions.AddRange(filter.Days.From is null ? [] : ["created_at >= @from"]);
        conditions.AddRange(filter.Days.Until is null ? [] : ["created_at < @until"]);
        return string.Join(" AND ", conditions);
    }

    private static string Validated(string status) =>
        status switch
        {
            MessageStatus.Pending or MessageStatus.Sent or MessageStatus.Failed or MessageStatus.Expired or MessageStatus.Mailbox => status,
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };
}
