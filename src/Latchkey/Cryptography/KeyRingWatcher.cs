using Latchkey.Core.Configuration;

namespace Latchkey.Cryptography;

/// <summary>
/// Loads new keys within a second, long before any node encrypts with them. It polls, because mounted and shared folders send no change
/// notifications.
/// </summary>
public sealed partial class KeyRingWatcher(KeyRing ring, TimeProvider clock, ILogger<KeyRingWatcher> log) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PollInterval, clock);
        var trouble = "";
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (ring.Reload())
                {
                    LogNewKey(log, ring.Keys[0].Id);
                }

                trouble = "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidSettingException)
            {
                if (e.Message != trouble)
                {
                    LogUnread(log, e.Message);
                }

                trouble = e.Message;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The key ring has a new key, {Id}. The id is the time (UTC) from which it is active")]
    private static partial void LogNewKey(ILogger log, string id);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "The key ring's folder cannot be read: {Reason}. Known keys go on working; it is tried again every second"
    )]
    private static partial void LogUnread(ILogger log, string reason);
}
