using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Latchkey.Applications;
using Latchkey.Configuration;
using Latchkey.Contract;
using Latchkey.Metrics;

namespace Latchkey.Passwords;

/// <summary>
/// Runs password hashing on as many threads as there are cores, at a lower priority than everything else, so that a storm of
/// logins leaves the machine to other requests. Applications take turns; a queue that would take longer than two seconds
/// refuses (701) at once.
/// </summary>
public sealed partial class PasswordHasher : IDisposable
{
    private const int Niceness = 5;
    private const int LeastPriority = 19;
    private const int MostQueued = 10_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly PasswordHash hash;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim waiting = new(0);
    private readonly CancellationTokenSource stopping = new();
    private readonly LinkedList<Turn> turns = [];
    private readonly Dictionary<string, Turn> turnOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> reservedOf = new(StringComparer.Ordinal);
    private readonly int workers = Environment.ProcessorCount;
    private int queued;
    private int reserved;
    private double typicalMilliseconds = 30;
    private readonly ConcurrentDictionary<HashKind, TimeSpan> typicalOf = new();
    private readonly TimeProvider clock;

    public PasswordHasher(Installation installation, TimeProvider clock)
    {
        this.clock = clock;
        hash = new PasswordHash(installation.Pepper);
        for (var i = 0; i < workers; i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"password-hasher-{i}" }.Start();
        }
    }

    /// <summary>
    /// Keeps a place in the queue for a password that is to be verified once its user was looked up, or refuses (701) before anything
    /// is done for it: whoever has a place is not refused later. Given up when it is disposed of.
    /// </summary>
    public Result<Place> Reserve(string appId)
    {
        lock (gate)
        {
            if (IsFull(appId))
            {
                return Refused();
            }

            reserved++;
            reservedOf[appId] = reservedOf.GetValueOrDefault(appId) + 1;
            return new Place(this, appId);
        }
    }

    /// <summary>Hashes a password that was accepted.</summary>
    public Task<Result<string>> Hash(string appId, PasswordInput password) =>
        Run<Result<string>>(appId, () => hash.Create(password.Bytes), busy => busy);

    /// <summary>As the other, for accounts of no application: they have hashes of today's kind only.</summary>
    public Task<Result<PasswordMatch>> Verify(string scope, string? stored, PasswordInput password) => Verify(scope, HashKind.Today, stored, password);

    /// <summary>
    /// Checks a password against a stored hash; with none (an unknown handle, a user without a password) it does the work of the
    /// slowest kind that the application holds, and says no. A wrong password for a faster hash is answered when the slowest
    /// would have been, so that the time of an answer tells nothing.
    /// </summary>
    public Task<Result<PasswordMatch>> Verify(Application application, string? stored, PasswordInput password) =>
        Verify(application.Id, Slowest(application), stored, password);

    /// <summary>As the other, in a place of the queue that was kept.</summary>
    public async Task<PasswordMatch> Verify(Place place, Application application, string? stored, PasswordInput password) =>
        (await Verify(application.Id, Slowest(application), stored, password, place)).Value!;

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
        waiting.Dispose();
    }

    private static HashKind Slowest(Application application) =>
        application.SlowestHash is { } imported && PasswordHash.KindOf(imported) is { } kind && kind.Cost > HashKind.Today.Cost ? kind : HashKind.Today;

    private async Task<Result<PasswordMatch>> Verify(string scope, HashKind slowest, string? stored, PasswordInput password, Place? place = null)
    {
        var (started, took) = (0L, TimeSpan.Zero);
        var verified = await Run<Result<PasswordMatch>>(
            scope,
            () =>
            {
                started = Stopwatch.GetTimestamp();
                var matches = hash.Verify(stored ?? slowest.Decoy, password.Bytes) && stored is not null;
                took = Stopwatch.GetElapsedTime(started);
                return new PasswordMatch(matches, matches && hash.IsOutdated(stored!));
            },
            busy => busy,
            place);
        if (slowest != HashKind.Today && verified.Value is { Matches: false })
        {
            await (stored is not null && PasswordHash.KindOf(stored) != slowest ? WaitOut(scope, slowest, started) : Remember(slowest, took));
        }

        return verified;
    }

    /// <summary>Waits until a hash of this kind, begun at the same moment, would be done.</summary>
    private async Task WaitOut(string scope, HashKind kind, long started)
    {
        if (!typicalOf.TryGetValue(kind, out var typical))
        {
            await Run(scope, () => hash.Verify(kind.Decoy, "nobody's password"u8), _ => false);
            await Remember(kind, Stopwatch.GetElapsedTime(started));
        }
        else if (typical - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            await Task.Delay(left, clock);
        }
    }

    private Task Remember(HashKind kind, TimeSpan took)
    {
        typicalOf.AddOrUpdate(kind, took, (_, before) => before + ((took - before) / 16));
        return Task.CompletedTask;
    }

    private Task<T> Run<T>(string appId, Func<T> work, Func<Error, T> refuse, Place? place = null)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = Stopwatch.GetTimestamp();
        var job = (Action)(() =>
        {
            LatchkeyMeter.PasswordWaited(Stopwatch.GetElapsedTime(asked));
            Answer(answer, work);
        });
        lock (gate)
        {
            if (place?.GiveUp() != true && IsFull(appId))
            {
                return Task.FromResult(refuse(Refused()));
            }

            Enqueue(appId, job);
        }

        waiting.Release();
        return answer.Task;
    }

    /// <summary>Applications take turns, so one that fills its own queue leaves the others' wait as it was.</summary>
    private bool IsFull(string appId)
    {
        var mine = reservedOf.GetValueOrDefault(appId) + (turnOf.TryGetValue(appId, out var turn) ? turn.Jobs.Count : 0);
        var ahead = Math.Min(queued + reserved, (mine + 1) * Math.Max(1, turns.Count));
        return queued + reserved >= MostQueued || TimeSpan.FromMilliseconds(ahead * typicalMilliseconds / workers) > LongestWait;
    }

    private static Error Refused()
    {
        LatchkeyMeter.PasswordRefused();
        return ErrorCodes.ServerBusy with { Cause = "the hashing queue is full", RetryAfter = LongestWait };
    }

    private static void Answer<T>(TaskCompletionSource<T> answer, Func<T> work)
    {
        try
        {
            answer.SetResult(work());
        }
        catch (Exception e)
        {
            answer.SetException(e); // the request that asked for it sees it
        }
    }

    private void Enqueue(string appId, Action job)
    {
        if (!turnOf.TryGetValue(appId, out var turn))
        {
            turn = new Turn(appId);
            turnOf.Add(appId, turn);
            turns.AddLast(turn);
        }

        turn.Jobs.Enqueue(job);
        queued++;
    }

    /// <summary>The next job of the application whose turn it is; it then goes to the end of the line.</summary>
    private Action Dequeue()
    {
        lock (gate)
        {
            var turn = turns.First!.Value;
            turns.RemoveFirst();
            var job = turn.Jobs.Dequeue();
            queued--;
            if (turn.Jobs.Count > 0)
            {
                turns.AddLast(turn);
            }
            else
            {
                turnOf.Remove(turn.AppId);
            }

            return job;
        }
    }

    private void Work()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(0, 0, Math.Min(LeastPriority, GetPriority(0, 0) + Niceness)); // on Linux, "this process" (0, 0) is this thread; a refusal costs fairness only
        }

        try
        {
            while (true)
            {
                waiting.Wait(stopping.Token);
                var started = Stopwatch.GetTimestamp();
                Dequeue()();
                Observe(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // the server is stopping
        }
    }

    private void Observe(double milliseconds)
    {
        lock (gate)
        {
            typicalMilliseconds += (milliseconds - typicalMilliseconds) / 16;
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, uint who);

    private sealed record Turn(string AppId)
    {
        public Queue<Action> Jobs { get; } = new();
    }

    /// <summary>A place in the queue, until the password that it is for stands there itself.</summary>
    public sealed class Place(PasswordHasher hasher, string appId) : IDisposable
    {
        private bool isGivenUp;

        /// <summary>False when it was given up before.</summary>
        internal bool GiveUp()
        {
            lock (hasher.gate)
            {
                if (isGivenUp)
                {
                    return false;
                }

                isGivenUp = true;
                hasher.reserved--;
                if (--hasher.reservedOf[appId] is 0)
                {
                    hasher.reservedOf.Remove(appId);
                }

                return true;
            }
        }

        public void Dispose() => GiveUp();
    }
}

/// <summary>Whether a password matched, and whether its hash should be made anew with today's parameters.</summary>
public sealed record PasswordMatch(bool Matches, bool IsOutdated);
