using System.Data.Common;
using Dapper;
using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Whether the mails of applications reach anybody: by their settings, and by what became of the last messages. One query for any number
/// of applications.
/// </summary>
public sealed class MailRoutes(Database database, MessageProviders providers)
{
    /// <summary>So many of the last messages are looked at.</summary>
    private const int Looked = 20;

    /// <summary>A provider that failed for fewer mails may only have hiccuped, or the addresses were wrong.</summary>
    private const int Failures = 3;

    /// <summary>The applications of these whose mails reach nobody.</summary>
    public async Task<IReadOnlyDictionary<string, MailRoute>> Find(params string[] appIds)
    {
        var rows = await database.Read(db => Read(db, appIds));
        return rows.Select(row => (row.Id, Route: RouteOf(row)))
            .Where(one => one.Route != MailRoute.Sent)
            .ToDictionary(one => one.Id, one => one.Route, StringComparer.Ordinal);
    }

    /// <summary>What the provider said when it refused the application's last mail; null if it said nothing.</summary>
    public Task<string?> LastRefusal(string appId) =>
        database.Read(db =>
            db.QueryFirstOrDefaultAsync<string?>(
                "SELECT answer FROM (SELECT answer, created_at FROM messages WHERE app_id = @appId "
                    + $"ORDER BY created_at DESC LIMIT {Looked}) recent WHERE answer IS NOT NULL ORDER BY created_at DESC LIMIT 1",
                new { appId }
            )
        );

    private MailRoute RouteOf(Row row)
    {
        var settings = ApplicationRules.SettingsOf(new ApplicationRow { Settings = row.Settings });
        return !settings.JwtEnabled ? MailRoute.Sent
            : !providers.Sends(settings, MessageChannel.Email) ? MailRoute.Mailbox
            : row.Failures >= Failures ? MailRoute.Failing
            : MailRoute.Sent;
    }

    /// <summary>
    /// A mail that was accepted outweighs all others. Those that were not tried say nothing: they wait, or are in the mailbox from the time
    /// before there was a provider.
    /// </summary>
    private async Task<IEnumerable<Row>> Read(DbConnection db, string[] appIds) =>
        await db.QueryAsync<Row>(
            $"""
            SELECT a.id, a.settings, (
              SELECT COALESCE(SUM(CASE WHEN recent.status = 'sent' THEN -{Looked} WHEN recent.attempts > 0 THEN 1 ELSE 0 END), 0)
              FROM (SELECT status, attempts, channel FROM messages m WHERE m.app_id = a.id
                ORDER BY m.created_at DESC LIMIT {Looked}) recent
              WHERE recent.channel = '{MessageChannel.Email}') AS failures
            FROM applications a WHERE a.id {database.Dialect.InArray("appIds")}
            """,
            new { appIds }
        );

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Settings { get; init; } = "{}";

        /// <summary>How many of the last mails were refused; below 0 if one was accepted.</summary>
        public long Failures { get; init; }
    }
}
