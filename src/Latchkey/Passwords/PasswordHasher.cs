using System.Diagnostics;
using System.Runtime.InteropServices;
using Latchkey.Configuration;
using Latchkey.Contract;

namespace Latchkey.Passwords;

/// <summary>
/// Runs password hashing on as many threads as there are cores, at a lower priority than everything else, so that a storm of
/// logins leaves the machine to other requests. Applications take turns; a queue that would take longer than two seconds
/// refuses (701) at once.
/// </summary>
public sealed partial class PasswordHasher : IDisposable
{
    private const int Niceness = 5;
    private const int MostQueued = 10_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly PasswordHash hash;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim waiting = new(0);
    private readonly CancellationTokenSource stopping = new();
    private readonly LinkedList<Turn> turns = [];
    private readonly Dictionary<string, Turn> turnOf = new(StringComparer.Ordinal);
    private readonly int workers = Environment.ProcessorCount;
    private int queued;
    private double typicalMilliseconds = 30;
    private readonly Lazy<string> decoy;

    public PasswordHasher(Installation installation)
    {
        hash = new PasswordHash(installation.Pepper);
        decoy = new(() => hash.Create("a password that nobody has"u8));
        for (var i = 0; i < workers; i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"password-hasher-{i}" }.Start();
        }
    }

    /// <summary>Hashes a password that was accepted.</summary>
    public Task<Result<string>> Hash(string appId, PasswordInput password) =>
        Run<Result<string>>(appId, () => hash.Create(password.Bytes), busy => busy);

    /// <summary>
    /// Checks a password against a stored hash; with none (an unknown handle, a user without a password) it does the same work
    /// and says no, so that the time of an answer tells nothing.
    /// </summary>
    public Task<Result<PasswordMatch>> Verify(string appId, string? stored, PasswordInput password) =>
        Run<Result<PasswordMatch>>(
            appId,
            () =>
            {
                var matches = hash.Verify(stored ?? decoy.Value, password.Bytes) && stored is not null;
                return new PasswordMatch(matches, matches && hash.IsOutdated(stored!));
            },
            busy => busy);

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
        waiting.Dispose();
    }

    private Task<T> Run<T>(string appId, Func<T> work, Func<Error, T> refuse)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var job = (Action)(() => Answer(answer, work));
        lock (gate)
        {
            // Applications take turns, so one that fills its own queue leaves the others' wait as it was.
            var mine = turnOf.TryGetValue(appId, out var turn) ? turn.Jobs.Count : 0;
            var ahead = Math.Min(queued, (mine + 1) * Math.Max(1, turns.Count));
            if (queued >= MostQueued || TimeSpan.FromMilliseconds(ahead * typicalMilliseconds / workers) > LongestWait)
            {
                return Task.FromResult(refuse(ErrorCodes.ServerBusy with { Cause = "the hashing queue is full", RetryAfter = LongestWait }));
            }

            Enqueue(appId, job);
        }

        waiting.Release();
        return answer.Task;
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
            _ = SetPriority(0, 0, Niceness); // on Linux, "this process" (0, 0) is this thread; a refusal costs fairness only
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

    private sealed record Turn(string AppId)
    {
        public Queue<Action> Jobs { get; } = new();
    }
}

/// <summary>Whether a password matched, and whether its hash should be made anew with today's parameters.</summary>
public sealed record PasswordMatch(bool Matches, bool IsOutdated);
