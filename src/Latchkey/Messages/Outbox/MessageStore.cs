using System.Data.Common;
using Dapper;
using Latchkey.Activity.Metering;
using Latchkey.Activity.Usage;
using Latchkey.Applications;
using Latchkey.Data;

namespace Latchkey.Messages.Outbox;

/// <summary>
/// The table messages: outbox, mailbox and delivery log. The table message_directory has a row for each message that is waiting or in
/// the mailbox, so that it can be found without its application.
/// </summary>
public sealed class MessageStore(Dialect dialect, UsageStore usage, MeteringStore metering)
{
    private const string Columns =
        "id, app_id, channel, recipient, kind, status, body_sealed, attempts, answer, created_at, sent_at, expires_at";

    /// <summary>
    /// The number of messages to be sent, and when the oldest was queued. Held ones wait for their application's reinstatement.
    /// </summary>
    public const string SelectWaiting =
        $"SELECT COUNT(*), MIN(created_at) FROM messages WHERE status = 'pending' AND NOT EXISTS ({StoppedApplication} = messages.app_id)";

    /// <summary>Ends with the App Id: the application, if the operator suspended or blocked it, so that its messages are held.</summary>
    private const string StoppedApplication =
        $"SELECT 1 FROM applications WHERE status IN ('{ApplicationStatus.Suspended}', '{ApplicationStatus.Blocked}') AND id";

    private string NotExcluded => $"NOT (app_id {dialect.InArray("others")})";

    /// <summary>Inserts the message and counts it in the application's usage.</summary>
    public async Task Insert(DbConnection db, MessageRow message)
    {
        await db.ExecuteDeferred(
            """
            INSERT INTO messages (app_id, id, channel, recipient, kind, status, body_sealed, attempts, answer, created_at, expires_at)
            VALUES (@StoredAppId, @Id, @Channel, @Recipient, @Kind, @Status, @BodySealed, @Attempts, @Answer, @CreatedAt, @ExpiresAt)
            """,
            message
        );
        if (message.Status is MessageStatus.Pending or MessageStatus.Mailbox)
        {
            await db.ExecuteDeferred(
                "INSERT INTO message_directory (id, app_id, next_attempt_at) VALUES (@Id, @StoredAppId, "
                    + $"{(message.Status == MessageStatus.Pending ? "@NextAttemptAt" : "NULL")})",
                message
            );
        }

        if (message.AppId is { } appId)
        {
            await usage.Count(db, appId, message.CreatedAt, message.Channel == MessageChannel.Sms ? UsageKind.Sms : UsageKind.Mail);
        }
    }

    /// <summary>The concurrency key of a message: its App Id, or empty for the portal's own mails.</summary>
    public static string ConcurrencyKey(MessageRow message) => message.StoredAppId;

    /// <summary>
    /// The keys with due messages, longest waiting first. The query jumps from one application to the next in the index, so one
    /// application's backlog does not slow it down.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListDueKeys(DbConnection db, long now) =>
        [
            .. await db.QueryAsync<string>(
                $"""
                WITH RECURSIVE waiting (app_id) AS (
                  SELECT MIN(app_id) FROM message_directory WHERE next_attempt_at IS NOT NULL
                  UNION ALL
                  SELECT (SELECT MIN(m.app_id) FROM message_directory m WHERE m.next_attempt_at IS NOT NULL
                    AND m.app_id > waiting.app_id) FROM waiting WHERE waiting.app_id IS NOT NULL
                )
                SELECT lane FROM (
                  SELECT w.app_id AS lane, (SELECT MIN(m.next_attempt_at) FROM message_directory m WHERE m.next_attempt_at IS NOT NULL
                    AND m.app_id = w.app_id) AS due FROM waiting w WHERE w.app_id IS NOT NULL
                ) lanes
                WHERE due <= @now AND NOT EXISTS ({StoppedApplication} = lane) ORDER BY due
                """,
                new { now }
            ),
        ];

    /// <summary>
    /// Leases due messages of a key by setting their next attempt to <paramref name="leaseUntil"/>: other nodes skip them, and if this node
    /// dies, they become due again.
    /// </summary>
    public async Task<IReadOnlyList<MessageRow>> Lease(DbConnection db, string key, long now, long leaseUntil, int limit)
    {
        var ids = (
            await db.QueryAsync<string>(
                $"""
                UPDATE message_directory SET next_attempt_at = @leaseUntil
                WHERE id IN (SELECT id FROM message_directory WHERE app_id = @key AND next_attempt_at <= @now
                    AND NOT EXISTS ({StoppedApplication} = @key)
                  ORDER BY next_attempt_at LIMIT @limit {dialect.ForUpdateSkipLocked})
                RETURNING id
                """,
                new
                {
                    key,
                    now,
                    leaseUntil,
                    limit,
                }
            )
        ).ToArray();
        return ids.Length == 0
            ? []
            :
            [
                .. await db.QueryAsync<MessageRow>(
                    "UPDATE messages SET attempts = attempts + 1 WHERE app_id = @key AND status = 'pending' "
                        + $"AND id {dialect.InArray("ids")} RETURNING {Columns}",
                    new { key, ids }
                ),
            ];
    }

    /// <summary>Extends the leases of messages whose attempt is still running.</summary>
    public Task RenewLeases(DbConnection db, string[] ids, long leaseUntil) =>
        db.ExecuteAsync(
            $"UPDATE message_directory SET next_attempt_at = @leaseUntil WHERE id {dialect.InArray("ids")} AND next_attempt_at IS NOT NULL",
            new { ids, leaseUntil }
        );

    /// <summary>Marks the message as accepted by the provider: deletes the body, keeps the envelope.</summary>
    /// <param name="isMetered">The installation's provider took it, so that it is charged.</param>
    public async Task MarkSent(DbConnection db, MessageRow message, string answer, long now, bool isMetered)
    {
        if (isMetered && message.AppId is { } appId)
        {
            var kind = message.Channel == MessageChannel.Sms ? MeterKind.Sms : MeterKind.Mail;
            await metering.RecordUse(db, appId, kind, message.Id, now);
        }

        await db.ExecuteAsync(
            "UPDATE messages SET status = 'sent', body_sealed = NULL, answer = @answer, sent_at = @now WHERE app_id = @StoredAppId AND "
                + "id = @Id",
            new
            {
                message.StoredAppId,
                message.Id,
                answer,
                now,
            }
        );
        await RemoveFromDirectory(db, message);
    }

    /// <summary>Deletes all messages to an address or number, sent or not.</summary>
    public async Task DeleteByRecipient(DbConnection db, string appId, string recipient)
    {
        await db.ExecuteAsync(
            "DELETE FROM message_directory WHERE id IN (SELECT id FROM messages WHERE app_id = @appId AND recipient = @recipient)",
            new { appId, recipient }
        );
        await db.ExecuteAsync("DELETE FROM messages WHERE app_id = @appId AND recipient = @recipient", new { appId, recipient });
    }

    public async Task Postpone(DbConnection db, MessageRow message, string answer, long nextAttemptAt)
    {
        await db.ExecuteAsync(
            "UPDATE messages SET answer = @answer WHERE app_id = @StoredAppId AND id = @Id",
            new
            {
                message.StoredAppId,
                message.Id,
                answer,
            }
        );
        await db.ExecuteAsync(
            "UPDATE message_directory SET next_attempt_at = @nextAttemptAt WHERE id = @Id AND next_attempt_at IS NOT NULL",
            new { message.Id, nextAttemptAt }
        );
    }

    public async Task MarkFailed(DbConnection db, MessageRow message, string answer)
    {
        await db.ExecuteAsync(
            "UPDATE messages SET status = 'failed', body_sealed = NULL, answer = @answer WHERE app_id = @StoredAppId AND id = @Id",
            new
            {
                message.StoredAppId,
                message.Id,
                answer,
            }
        );
        await RemoveFromDirectory(db, message);
    }

    /// <summary>
    /// Marks the message as expired. Keeps the provider's last response; uses <paramref name="answer"/> when there is none. The lease that
    /// found it expired does not count as an attempt.
    /// </summary>
    public async Task MarkExpired(DbConnection db, MessageRow message, string answer)
    {
        await db.ExecuteAsync(
            "UPDATE messages SET status = 'expired', body_sealed = NULL, answer = COALESCE(answer, @answer), attempts = attempts - 1 "
                + "WHERE app_id = @StoredAppId AND id = @Id",
            new
            {
                message.StoredAppId,
                message.Id,
                answer,
            }
        );
        await RemoveFromDirectory(db, message);
    }

    /// <summary>Messages in the mailbox, newest first, for one application (or all) and one recipient (or all).</summary>
    public async Task<IReadOnlyList<MessageRow>> ListMailbox(DbConnection db, string? appId, string[]? recipients, int limit) =>
        [
            .. await db.QueryAsync<MessageRow>(
                $"""
                SELECT {Columns} FROM messages
                WHERE status = 'mailbox' AND (@appId IS NULL OR app_id = @appId) {(
                    recipients is null ? "" : $"AND recipient {dialect.InArray("recipients")}"
                )}
                ORDER BY created_at DESC, id DESC LIMIT @limit
                """,
                new
                {
                    appId,
                    recipients,
                    limit,
                }
            ),
        ];

    /// <summary>
    /// Deletes up to <paramref name="limit"/> settled messages older than the log's retention period. Returns how many. The query jumps
    /// from one application to the next in the index.
    /// </summary>
    public Task<int> RemoveOlder(DbConnection db, long before, int limit) =>
        Remove(
            db,
            """
            DELETE FROM messages WHERE (app_id, id) IN (
              SELECT old.app_id, old.id FROM (SELECT id FROM applications UNION ALL SELECT '') a CROSS JOIN messages old
              WHERE old.app_id = a.id AND old.created_at < @before AND old.status <> 'pending' LIMIT @limit)
            """,
            new { before, limit }
        );

    public async Task<long> CountWaiting(DbConnection db) =>
        (await db.QuerySingleAsync<(long Waiting, long? Oldest)>(SelectWaiting)).Waiting;

    /// <summary>Applications with a waiting message on the channel, or one that failed or expired since <paramref name="since"/>.</summary>
    public async Task<IReadOnlyList<string>> ApplicationsWithProblems(DbConnection db, string channel, long since) =>
        [
            .. await db.QueryAsync<string>(
                """
                SELECT app_id FROM messages WHERE status = 'pending' AND channel = @channel AND app_id <> ''
                UNION
                SELECT app_id FROM messages WHERE status = 'failed' AND channel = @channel AND created_at >= @since AND app_id <> ''
                UNION
                SELECT app_id FROM messages WHERE status = 'expired' AND channel = @channel AND created_at >= @since AND app_id <> ''
                """,
                new { channel, since }
            ),
        ];

    /// <summary>The waiting messages of a channel, and the latest provider response among them.</summary>
    /// <param name="others">Applications to exclude.</param>
    public async Task<Backlog> ReadBacklog(DbConnection db, string channel, string[] others)
    {
        var waiting = await db.QuerySingleAsync<Backlog>(
            "SELECT COUNT(*) AS waiting, COALESCE(SUM(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), 0) AS tried, MIN(created_at) AS "
                + $"oldest FROM messages WHERE status = 'pending' AND channel = @channel AND {NotExcluded}",
            new { channel, others }
        );
        return waiting with
        {
            Answer = await db.QueryFirstOrDefaultAsync<string>(
                $"""
                SELECT answer FROM messages JOIN (SELECT id AS waiting, next_attempt_at FROM message_directory) d ON d.waiting = id
                WHERE status = 'pending' AND channel = @channel AND {NotExcluded} AND answer IS NOT NULL
                ORDER BY next_attempt_at DESC LIMIT 1
                """,
                new { channel, others }
            ),
        };
    }

    /// <summary>Messages of a channel that failed or expired since <paramref name="since"/>, newest first.</summary>
    /// <param name="others">Applications to exclude.</param>
    public async Task<IReadOnlyList<MessageRow>> ListFailed(DbConnection db, string channel, long since, string[] others, int limit) =>
        [
            .. await db.QueryAsync<MessageRow>(
                $"""
                SELECT {Columns} FROM messages WHERE status = 'failed' AND channel = @channel AND created_at >= @since AND {NotExcluded}
                UNION ALL
                SELECT {Columns} FROM messages WHERE status = 'expired' AND channel = @channel AND created_at >= @since AND {NotExcluded}
                ORDER BY created_at DESC LIMIT @limit
                """,
                new
                {
                    channel,
                    since,
                    others,
                    limit,
                }
            ),
        ];

    /// <summary>Deletes up to <paramref name="limit"/> rows of one application, oldest first. Returns how many.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int limit) =>
        Remove(
            db,
            "DELETE FROM messages WHERE app_id = @appId AND id IN (SELECT id FROM messages WHERE app_id = @appId ORDER BY created_at "
                + "LIMIT @limit)",
            new { appId, limit }
        );

    /// <summary>Finds a message in the mailbox; null when there is none.</summary>
    /// <param name="appId">The application it must belong to; null for any.</param>
    public async Task<MessageRow?> FindInMailbox(DbConnection db, string? appId, string id)
    {
        appId ??= await db.QuerySingleOrDefaultAsync<string>("SELECT app_id FROM message_directory WHERE id = @id", new { id });
        return await db.QuerySingleOrDefaultAsync<MessageRow>(
            $"SELECT {Columns} FROM messages WHERE app_id = @appId AND id = @id AND status = 'mailbox'",
            new { appId, id }
        );
    }

    private async Task<int> Remove(DbConnection db, string delete, object parameters)
    {
        var ids = (await db.QueryAsync<string>($"{delete} RETURNING id", parameters)).ToArray();
        await db.ExecuteAsync($"DELETE FROM message_directory WHERE id {dialect.InArray("ids")}", new { ids });
        return ids.Length;
    }

    private static Task RemoveFromDirectory(DbConnection db, MessageRow message) =>
        db.ExecuteAsync("DELETE FROM message_directory WHERE id = @Id", new { message.Id });
}
