using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Activity.Audit;

/// <summary>The table installation_log.</summary>
public sealed class InstallationLogStore
{
    private const int MaxDetailLength = 500;
    private const long Hour = 3_600_000;

    /// <summary>
    /// Stores an entry in the transaction of what it tells. Repetitions within an hour are counted in one line, which has the time, the
    /// client and the detail of the last. All nodes find the same line by its id.
    /// </summary>
    public Task Add(DbConnection db, InstallationEntry entry, TimeProvider clock)
    {
        var now = clock.Now();
        return db.ExecuteAsync(
            """
            INSERT INTO installation_log (id, at, action, actor, actor_id, developer_id, refused, detail, client)
            VALUES (@id, @now, @Action, @Actor,
              CASE WHEN @Actor = '' THEN @DeveloperId ELSE COALESCE((SELECT id FROM developers WHERE email_key = @actorKey), '') END,
              @DeveloperId, @IsRefused, @detail, @Client)
            ON CONFLICT (id) DO UPDATE SET
              count = installation_log.count + 1, at = excluded.at, detail = excluded.detail, client = excluded.client
            """,
            new
            {
                id = entry.Repetition is { } same ? IdOf(same, now) : Ids.New(clock),
                now,
                entry.Action,
                entry.Actor,
                actorKey = Handle.KeyOf(entry.Actor),
                entry.DeveloperId,
                entry.IsRefused,
                detail = Strings.Truncate(Strings.Printable(entry.Detail), MaxDetailLength),
                entry.Client,
            }
        );
    }

    /// <summary>One page, newest first.</summary>
    /// <param name="filter">Its handle is not looked at.</param>
    /// <param name="person">An account's id, for what it did and what was done to it; or the name of an actor that is none. Null for
    /// all.</param>
    public async Task<IReadOnlyList<InstallationLogLine>> Page(
        DbConnection db,
        LogFilter filter,
        InstallationLogPerson? person,
        LogCursor after,
        int limit
    ) =>
        [
            .. await db.QueryAsync<InstallationLogLine>(
                $"""
                SELECT l.id, l.at, l.action, l.actor, l.actor_id, l.developer_id, l.refused AS is_refused, l.detail, l.client, l.count,
                  a.email AS actor_email, d.email AS developer_email
                FROM ({string.Join(" UNION ", Conditions(filter, person).Select(Newest))}) l
                LEFT JOIN developers a ON a.id = l.actor_id
                LEFT JOIN developers d ON d.id = l.developer_id
                ORDER BY l.at DESC, l.id DESC LIMIT @limit
                """,
                new
                {
                    filter.Action,
                    personId = person?.DeveloperId,
                    personName = person?.Name,
                    from = filter.Days.From,
                    until = filter.Days.Until,
                    at = after.At,
                    id = after.Id,
                    limit,
                }
            ),
        ];

    /// <summary>The actions that occur in the log, found by an index skip scan.</summary>
    public async Task<IReadOnlyList<string>> Actions(DbConnection db) =>
        [
            .. await db.QueryAsync<string>(
                """
                WITH RECURSIVE found (action) AS (
                  SELECT MIN(action) FROM installation_log
                  UNION ALL
                  SELECT (SELECT MIN(action) FROM installation_log WHERE action > found.action) FROM found WHERE found.action IS NOT NULL
                )
                SELECT action FROM found WHERE action IS NOT NULL
                """
            ),
        ];

    /// <summary>Who an address belongs to; an actor of this name, if nobody has it.</summary>
    public async Task<InstallationLogPerson> FindPerson(DbConnection db, string address) =>
        new(
            await db.QuerySingleOrDefaultAsync<string>(
                "SELECT id FROM developers WHERE email_key = @key",
                new { key = Handle.KeyOf(Handle.Normalise(address)) }
            ),
            address
        );

    /// <summary>
    /// Removes a deleted account's client addresses from what it did itself. What it did to others stays, as in the logs of applications.
    /// </summary>
    public Task Anonymize(DbConnection db, string developerId) =>
        db.ExecuteAsync(
            "UPDATE installation_log SET client = '', detail = '' WHERE developer_id = @developerId AND actor = ''",
            new { developerId }
        );

    /// <summary>Deletes up to <paramref name="limit"/> entries older than <paramref name="before"/>. Returns how many.</summary>
    public Task<int> RemoveOlder(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM installation_log WHERE id IN (SELECT id FROM installation_log WHERE at < @before ORDER BY at LIMIT @limit)",
            new { before, limit }
        );

    /// <summary>One index each for what an account did and for what was done to it: both are read newest first.</summary>
    private static IEnumerable<string> Conditions(LogFilter filter, InstallationLogPerson? person)
    {
        string?[] conditions =
        [
            filter.Action.Length > 0 ? "action = @Action" : null,
            filter.Result == LogFilter.Done ? "refused = FALSE" : null,
            filter.Result == LogFilter.Refused ? "refused = TRUE" : null,
            filter.Days.From is not null ? "at >= @from" : null,
            filter.Days.Until is not null ? "at < @until" : null,
            "at <= @at AND (at < @at OR id < @id)",
        ];
        var others = string.Join(" AND ", conditions.OfType<string>());
        return person switch
        {
            null => [others],
            { DeveloperId: null } => [$"actor <> '' AND actor = @personName AND {others}"],
            _ => [$"actor_id = @personId AND {others}", $"developer_id = @personId AND {others}"],
        };
    }

    private static string Newest(string condition) =>
        $"SELECT * FROM (SELECT * FROM installation_log WHERE {condition} ORDER BY at DESC, id DESC LIMIT @limit) newest";

    /// <summary>The id of the line for what repeats in the hour of a time; in the characters of a <see cref="LogCursor"/>.</summary>
    private static string IdOf(string repetition, long now) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{now / Hour}|{repetition}")))
        );
}
