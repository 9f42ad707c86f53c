using System.Collections.Concurrent;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>
/// When sessions were last used. Requests note it in memory, and <see cref="SessionUseWriter"/> writes it a few seconds later, for each
/// session at most once a minute, so that no request waits for it. A crash loses the last seconds.
/// </summary>
public sealed class SessionUses(Database database, SessionStore sessions, ApplicationCache applications, TimeProvider clock)
{
    /// <summary>A use is noted when the last one is this old.</summary>
    private const long Interval = 60_000;

    /// <summary>When more wait, because the database does not take them, further uses are not noted.</summary>
    private const int MaxWaiting = 100_000;

    /// <summary>The sessions of one transaction; few, so that nobody waits long for their rows.</summary>
    private const int BatchSize = 200;

    private readonly ConcurrentDictionary<(string AppId, string SessionId), long> waiting = new();

    /// <summary>Notes that the session is used now.</summary>
    public void Note(Session session)
    {
        var now = clock.Now();
        if (now - (session.LastUsedAt ?? session.CreatedAt) >= Interval && waiting.Count < MaxWaiting)
        {
            waiting[(session.AppId, session.Id)] = now;
        }
    }

    /// <summary>Writes what was noted. What cannot be written is noted again.</summary>
    public async Task Write()
    {
        foreach (var batch in InOneOrder().Chunk(BatchSize))
        {
            await Write(batch);
            foreach (var use in batch)
            {
                waiting.TryRemove(use); // stays if the session was used again meanwhile
            }
        }
    }

    /// <summary>The same order on all nodes prevents deadlocks.</summary>
    private IEnumerable<KeyValuePair<(string AppId, string SessionId), long>> InOneOrder() =>
        waiting.OrderBy(use => use.Key.AppId, StringComparer.Ordinal).ThenBy(use => use.Key.SessionId, StringComparer.Ordinal);

    /// <summary>What a session with an idle end gets once the application's sessions have none: it goes on as before.</summary>
    private static readonly TimeSpan IdleEndKept = TimeSpan.FromDays(365);

    /// <summary>How far a use moves the idle end of a session that has one, in milliseconds.</summary>
    /// <param name="settings">The application's; null if it is gone.</param>
    public static long IdleLifetimeOf(ApplicationSettings? settings) =>
        (long)(settings?.SessionIdleLifetime ?? IdleEndKept).TotalMilliseconds;

    private async Task Write(IReadOnlyList<KeyValuePair<(string AppId, string SessionId), long>> uses)
    {
        var idle = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var appId in uses.Select(use => use.Key.AppId).Distinct(StringComparer.Ordinal))
        {
            idle[appId] = IdleLifetimeOf((await applications.Find(appId))?.Settings);
        }

        await database.Write(async db =>
        {
            foreach (var ((appId, sessionId), usedAt) in uses)
            {
                await sessions.RecordUse(db, appId, sessionId, usedAt, usedAt + idle[appId]);
            }
        });
    }
}
