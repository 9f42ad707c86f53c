using System.Collections.Concurrent;
using System.Diagnostics;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Limits;

namespace Latchkey.Users.Passwords;

/// <summary>
/// Hashes passwords and checks them, in the order of the <see cref="HashingQueue"/>: equal work whether or not there is a hash to check against.
/// </summary>
public sealed class PasswordHasher(InstallationSettings installation, CallCaps caps, TimeProvider clock) : IDisposable
{
    private readonly PasswordHash hash = new(installation.Pepper);
    private readonly HashingQueue queue = new(Environment.ProcessorCount, caps.IsOver);
    private readonly ConcurrentDictionary<HashKind, TimeSpan> typicalOf = new();

    /// <summary>A place for a password that is to be verified once its user was looked up; or refuses (701) at once.</summary>
    public Task<Result<HashingQueue.Place>> Reserve(string appId) => queue.Reserve(appId);

    /// <summary>Hashes a password that was accepted.</summary>
    public Task<Result<string>> Hash(string appId, PasswordInput password) => Run(appId, place => place.Run(() => hash.Create(password.Bytes)));

    /// <summary>As the other, for accounts of no application: they have hashes of today's kind only.</summary>
    public Task<Result<PasswordMatch>> Verify(string scope, string? stored, PasswordInput password) => Run(scope, place => Verify(place, scope, HashKind.Today, stored, password));

    /// <summary>
    /// Checks a password against a stored hash; with none (an unknown handle, a user without a password) it does the work of the
    /// slowest kind that the application holds, and says no. A wrong password for a faster hash is answered when the slowest
    /// would have been, so that the time of an answer tells nothing.
    /// </summary>
    public Task<Result<PasswordMatch>> Verify(Application application, string? stored, PasswordInput password) => Run(application.Id, place => Verify(place, application, stored, password));

    /// <summary>As the other, in a place that was reserved.</summary>
    public Task<PasswordMatch> Verify(HashingQueue.Place place, Application application, string? stored, PasswordInput password) =>
        Verify(place, application.Id, Slowest(application), stored, password);

    public void Dispose() => queue.Dispose();

    private static HashKind Slowest(Application application) =>
        application.SlowestHash is { } imported && PasswordHash.KindOf(imported) is { } kind && kind.Cost > HashKind.Today.Cost ? kind : HashKind.Today;

    private async Task<Result<T>> Run<T>(string appId, Func<HashingQueue.Place, Task<T>> work)
    {
        var (place, tooBusy) = await queue.Reserve(appId);
        if (tooBusy is not null)
        {
            return tooBusy;
        }

        using (place)
        {
            return await work(place!);
        }
    }

    private async Task<PasswordMatch> Verify(HashingQueue.Place place, string scope, HashKind slowest, string? stored, PasswordInput password)
    {
        var (started, took) = (0L, TimeSpan.Zero);
        var match = await place.Run(() =>
        {
            started = Stopwatch.GetTimestamp();
            var matches = hash.Verify(stored ?? slowest.Decoy, password.Bytes) && stored is not null;
            took = Stopwatch.GetElapsedTime(started);
            return new PasswordMatch(matches, matches && hash.IsOutdated(stored!));
        });
        if (slowest != HashKind.Today && !match.Matches)
        {
            if (stored is not null && PasswordHash.KindOf(stored) != slowest)
            {
                await WaitOut(scope, slowest, started);
            }
            else
            {
                Remember(slowest, took);
            }
        }

        return match;
    }

    /// <summary>Waits until a hash of this kind, begun at the same moment, would be done.</summary>
    private async Task WaitOut(string scope, HashKind kind, long started)
    {
        if (!typicalOf.TryGetValue(kind, out var typical))
        {
            await Run(scope, place => place.Run(() => hash.Verify(kind.Decoy, "nobody's password"u8)));
            Remember(kind, Stopwatch.GetElapsedTime(started));
        }
        else if (typical - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            await Task.Delay(left, clock);
        }
    }

    private void Remember(HashKind kind, TimeSpan took) => typicalOf.AddOrUpdate(kind, took, (_, before) => before + ((took - before) / 16));
}

/// <summary>Whether a password matched, and whether its hash should be made anew with today's parameters.</summary>
public sealed record PasswordMatch(bool Matches, bool IsOutdated);
