using System.Diagnostics;
using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// Hears what is announced on a channel. A tick a second by another connection must be heard too: silence means a host that is gone,
/// or a pooler that forgets who listens.
/// </summary>
internal sealed class PostgresNotificationListener(string channel, Func<Task> tick)
{
    public const string TickChannel = "latchkey_ticks";
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Listens until it is stopped or the feed is broken.</summary>
    /// <param name="db">A connection of its own, to the server itself.</param>
    /// <param name="resync">Called when it begins, and twice a second until the first tick is heard: anything may have changed.</param>
    /// <param name="received">Gets each payload.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="NpgsqlException">The connection broke, or nothing is heard on it.</exception>
    public async Task Listen(NpgsqlConnection db, Action resync, Action<string> received, CancellationToken stop)
    {
        var (heardAt, tickedAt, hears, ticking) = (Stopwatch.GetTimestamp(), 0L, false, Task.CompletedTask);
        db.Notification += (_, message) =>
        {
            (heardAt, hears) = (Stopwatch.GetTimestamp(), true);
            if (message.Channel == channel)
            {
                received(message.Payload);
            }
        };
        await db.OpenAsync(stop);
        await using (var listen = new NpgsqlCommand($"LISTEN {channel}; LISTEN {TickChannel}", db))
        {
            await listen.ExecuteNonQueryAsync(stop).WaitAsync(SilenceTimeout, stop);
        }

        resync();
        while (!stop.IsCancellationRequested)
        {
            if (ticking.IsCompleted && Stopwatch.GetElapsedTime(tickedAt) >= TickInterval)
            {
                await ticking;
                (tickedAt, ticking) = (Stopwatch.GetTimestamp(), tick());
            }

            if (!await db.WaitAsync(PollInterval, stop) && !hears)
            {
                resync();
            }

            if (Stopwatch.GetElapsedTime(heardAt) > SilenceTimeout)
            {
                throw new NpgsqlException(
                    "The database sends no notifications. If a pooler in transaction mode is in between, set "
                        + "LATCHKEY_DATABASE_LISTEN to the server's own address."
                );
            }
        }
    }
}
