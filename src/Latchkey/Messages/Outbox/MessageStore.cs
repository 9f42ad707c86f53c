using System.Data.Common;
using Dapper;
using Latchkey.Activity.Usage;
using Latchkey.Data;

namespace Latchkey.Messages.Outbox;

/// <summary>The table messages: the outbox, the mailbox and the delivery log in one.</summary>
public sealed class MessageStore(Dialect dialect, UsageStore usage)
{
    private const string Columns =
        "id, app_id, channel, recipient, kind, status, body_sealed, attempts, next_attempt_at, answer, created_at, sent_at";

    private string NotExcluded => $"(app_id IS NULL OR NOT (app_id {dialect.InArray("others")}))";

    /// <summary>Adds the message, and counts it for its application.</summary>
    public async Task Insert(DbConnection db, MessageRow message)
    {
        await db.ExecuteDeferred(
            """
            INSERT INTO messages (id, app_id, channel, recipient, kind, status, body_sealed, attempts, next_attempt_at, created_at)
            VALUES (@Id, @AppId, @Channel, @Recipient, @Kind, @Status, @BodySealed, @Attempts, @NextAttemptAt, @CreatedAt)
            """,
            message
        );
        if (message.AppId is { } appId)
        {
            await usage.Count(db, appId, message.CreatedAt, message.Channel == MessageChannel.Sms ? UsageKind.Sms : UsageKind.Mail);
        }
    }

    /// <summary>Whose messages wait: an App Id, or empty for the portal's own mails.</summary>
    public static string ConcurrencyKey(MessageRow message) => message.AppId ?? "";

    /// <summary>
    /// The lanes in which something is due, the one that waits longest first. It goes from application to application in the index, so
    /// the backlog of one costs the others nothing.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListDueKeys(DbConnection db, long now) =>
        [
            .. await db.QueryAsync<string>(
                """
                WITH RECURSIVE waiting (app_id) AS (
                  SELECT MIN(app_id) FROM messages WHERE status = 'pending'
                  UNION ALL
                  SELECT (SELECT MIN(m.app_id) FROM messages m WHERE m.status = 'pending' AND m.app_id > waiting.app_id)
                    FROM waiting WHERE waiting.app_id IS NOT NULL
                )
                SELECT lane FROM (
                  SELECT w.app_id AS lane, (SELECT MIN(m.next_attempt_at) FROM messages m WHERE m.status = 'pending'
                    AND m.app_id = w.app_id) AS due FROM waiting w WHERE w.app_id IS NOT NULL
                  UNION ALL
                  SELECT '' AS lane, (SELECT MIN(m.next_attempt_at) FROM messages m WHERE m.status = 'pending' AND m.app_id IS NULL) AS due
                ) lanes
                WHERE due <= @now ORDER BY due
                """,
                new { now }
            ),
        ];

    /// <summary>
    /// Takes messages of a lane that are due and puts their next attempt off to <paramref name="leaseUntil"/>: another node passes
    /// over them, and a node that dies while sending leaves them to be sent again.
    /// </summary>
    public async Task<IReadOnlyList<MessageRow>> Lease(DbConnection db, string lane, long now, long leaseUntil, int most) =>
        [
            .. await db.QueryAsync<MessageRow>(
                $"""
                UPDATE messages SET next_attempt_at = @leaseUntil, attempts = attempts + 1
                WHERE id IN (SELECT id FROM messages WHERE status = 'pending' AND {(
                    lane.Length == 0 ? "app_id IS NULL" : "app_id = @lane"
                )} AND next_attempt_at <= @now ORDER BY next_attempt_at LIMIT @most {dialect.ForUpdateSkipLocked})
                RETURNING {Columns}
                """,
                new
                {
                    lane,
                    now,
                    leaseUntil,
                    most,
                }
            ),
        ];

    /// <summary>The provider took it: its body goes, its envelope stays.</summary>
    public Task MarkSent(DbConnection db, string id, string answer, long now) =>
        db.ExecuteAsync(
            "UPDATE messages SET status = 'sent', body_sealed = NULL, answer = @answer, sent_at = @now WHERE id = @id",
            new
            {
                id,
                answer,
                now,
            }
        );

    public Task Postpone(DbConnection db, string id, string answer, long nextAttemptAt) =>
        db.ExecuteAsync(
            "UPDATE messages SET answer = @answer, next_attempt_at = @nextAttemptAt WHERE id = @id",
            new
            {
                id,
                answer,
                nextAttemptAt,
            }
        );

    public Task MarkFailed(DbConnection db, string id, string answer) =>
        db.ExecuteAsync("UPDATE messages SET status = 'failed', body_sealed = NULL, answer = @answer WHERE id = @id", new { id, answer });

    /// <summary>What lies in the mailbox, newest first; of one application or all, to one recipient or all.</summary>
    public async Task<IReadOnlyList<MessageRow>> ListMailbox(DbConnection db, string? appId, string? recipient, int most) =>
        [
            .. await db.QueryAsync<MessageRow>(
                $"""
                SELECT {Columns} FROM messages
                WHERE status = 'mailbox' AND (@appId IS NULL OR app_id = @appId) AND (@recipient IS NULL OR recipient = @recipient)
                ORDER BY created_at DESC, id DESC LIMIT @most
                """,
                new
                {
                    appId,
                    recipient,
                    most,
                }
            ),
        ];

    /// <summary>
    /// Removes at most so many that are settled and older than the log is kept; how many it were. Ids sort by time, so it reads no more
    /// than it removes.
    /// </summary>
    public Task<int> RemoveOlder(DbConnection db, long before, int most) =>
        db.ExecuteAsync(
            "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE id < @first AND created_at < @before AND status <> "
                + "'pending' ORDER BY id LIMIT @most)",
            new
            {
                first = Ids.LowerBound(before),
                before,
                most,
            }
        );

    public Task<long> CountWaiting(DbConnection db) => db.QuerySingleAsync<long>("SELECT COUNT(*) FROM messages WHERE status = 'pending'");

    /// <summary>The applications with a message on a channel that waits, or was given up since then.</summary>
    public async Task<IReadOnlyList<string>> ApplicationsWithProblems(DbConnection db, string channel, long since) =>
        [
            .. await db.QueryAsync<string>(
                """
                SELECT app_id FROM messages WHERE status = 'pending' AND channel = @channel AND app_id IS NOT NULL
                UNION
                SELECT app_id FROM messages WHERE status = 'failed' AND channel = @channel AND created_at >= @since AND app_id IS NOT NULL
                """,
                new { channel, since }
            ),
        ];

    /// <summary>What waits on a channel, and the newest answer of a provider that did not take one yet.</summary>
    /// <param name="others">Applications whose messages do not count.</param>
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
                $"SELECT answer FROM messages WHERE status = 'pending' AND channel = @channel AND {NotExcluded} AND answer IS NOT "
                    + "NULL ORDER BY next_attempt_at DESC LIMIT 1",
                new { channel, others }
            ),
        };
    }

    /// <summary>Messages of a channel that were given up since then, newest first.</summary>
    /// <param name="others">Applications whose messages do not count.</param>
    public async Task<IReadOnlyList<MessageRow>> ListFailed(DbConnection db, string channel, long since, string[] others, int most) =>
        [
            .. await db.QueryAsync<MessageRow>(
                $"SELECT {Columns} FROM messages WHERE status = 'failed' AND channel = @channel AND created_at >= @since AND "
                    + $"{NotExcluded} ORDER BY created_at DESC LIMIT @most",
                new
                {
                    channel,
                    since,
                    others,
                    most,
                }
            ),
        ];

    /// <summary>Removes up to so many rows of one application, oldest first; their number.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int most) =>
        db.ExecuteAsync(
            "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE app_id = @appId ORDER BY created_at LIMIT @most)",
            new { appId, most }
        );

    public Task<MessageRow?> FindInMailbox(DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<MessageRow>($"SELECT {Columns} FROM messages WHERE status = 'mailbox' AND id = @id", new { id });
}
