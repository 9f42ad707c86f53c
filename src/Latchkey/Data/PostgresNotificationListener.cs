using System.Diagnostics;
using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// Receives the notifications of a channel. Another connection sends a tick every second; missing ticks mean that the host is dead, or
/// that a pooler has dropped the LISTEN.
/// </summary>
internal sealed class PostgresNotificationListener(string channel, Func<Task> tick)
{
    public const string TickChannel = "latchkey_ticks";
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Listens until stopped or the connection is lost.</summary>
    /// <param name="db">A dedicated connection, directly to the server.</param>
    /// <param name="resync">Called at the start, and twice per second until the first tick arrives, because changes may have been
    /// missed.</param>
    /// <param name="received">Called with each payload.</param>
    /// <param name="stop">Stops listening.</param>
    /// <exception cref="NpgsqlException">The connection was lost, or no ticks arrive.</exception>
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
