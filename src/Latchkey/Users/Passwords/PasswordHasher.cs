using System.Collections.Concurrent;
using System.Diagnostics;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Limits;

namespace Latchkey.Users.Passwords;

/// <summary>
/// Hashes and verifies passwords through the <see cref="HashingQueue"/>, with the same work whether or not the user exists.
/// </summary>
public sealed class PasswordHasher(InstallationSettings installation, RequestThrottle throttle, TimeProvider clock) : IDisposable
{
    private readonly PasswordHash hash = new(installation.Pepper);
    private readonly HashingQueue queue = new(Environment.ProcessorCount, throttle.IsThrottled);
    private readonly ConcurrentDictionary<HashKind, TimeSpan> averageDurations = new();

    /// <summary>Reserves a slot before the user is looked up; 701 when the queue is full.</summary>
    public Task<Result<HashingQueue.HashingSlot>> Reserve(HashingShare share) => queue.Reserve(share);

    /// <summary>Hashes a validated password.</summary>
    public Task<Result<string>> Hash(HashingShare share, PasswordInput password) =>
        Run(share, slot => slot.Run(memory => hash.Create(password.Bytes, memory)));

    /// <summary>As below, for accounts outside applications; their hashes are always of the current kind.</summary>
    public Task<Result<PasswordMatch>> Verify(HashingShare share, string? stored, PasswordInput password) =>
        Run(share, slot => Verify(slot, share, HashKind.Current, stored, password));

    /// <summary>
    /// Verifies a password against a stored hash. Without one (unknown handle, no password) it does the work of the slowest kind that the
    /// application has, and fails. A wrong password for a faster kind is answered after the time of the slowest. Response times therefore
    /// do not reveal whether a user exists.
    /// </summary>
    public Task<Result<PasswordMatch>> Verify(HashingShare share, Application application, string? stored, PasswordInput password) =>
        Run(share, slot => Verify(slot, share, application, stored, password));

    /// <summary>As above, with a reserved slot.</summary>
    public Task<PasswordMatch> Verify(
        HashingQueue.HashingSlot slot,
        HashingShare share,
        Application application,
        string? stored,
        PasswordInput password
    ) => Verify(slot, share, Slowest(application), stored, password);

    public void Dispose() => queue.Dispose();

    private static HashKind Slowest(Application application) =>
        application.SlowestHash is { } imported && PasswordHash.KindOf(imported) is { } kind && kind.Cost > HashKind.Current.Cost
            ? kind
            : HashKind.Current;

    private async Task<Result<T>> Run<T>(HashingShare share, Func<HashingQueue.HashingSlot, Task<T>> work)
    {
        if ((await queue.Reserve(share)).Failed(out var slot, out var tooBusy))
        {
            return tooBusy;
        }

        using (slot)
        {
            return await work(slot);
        }
    }

    private async Task<PasswordMatch> Verify(
        HashingQueue.HashingSlot slot,
        HashingShare share,
        HashKind slowest,
        string? stored,
        PasswordInput password
    )
    {
        var (started, took) = (0L, TimeSpan.Zero);
        var match = await slot.Run(memory =>
        {
            started = Stopwatch.GetTimestamp();
            var matches = hash.Verify(stored ?? slowest.DummyHash, password.Bytes, memory) && stored is not null;
            took = Stopwatch.GetElapsedTime(started);
            return new PasswordMatch(matches, matches && stored is not null && hash.IsOutdated(stored));
        });
        if (slowest != HashKind.Current && !match.Matches)
        {
            if (stored is not null && PasswordHash.KindOf(stored) != slowest)
            {
                await DelayAsIfHashed(share, slowest, started);
            }
            else
            {
                RecordDuration(slowest, took);
            }
        }

        return match;
    }

    /// <summary>Waits until a hash of this kind, begun at the same moment, would be done.</summary>
    private async Task DelayAsIfHashed(HashingShare share, HashKind kind, long started)
    {
        if (!averageDurations.TryGetValue(kind, out var typical))
        {
            await Run(share, slot => slot.Run(memory => hash.Verify(kind.DummyHash, "nobody's password"u8, memory)));
            RecordDuration(kind, Stopwatch.GetElapsedTime(started));
        }
        else if (typical - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            await Task.Delay(left, clock);
        }
    }

    private void RecordDuration(HashKind kind, TimeSpan took) =>
        averageDurations.AddOrUpdate(kind, took, (_, before) => before + ((took - before) / 16));
}
