using System.Diagnostics;
using System.Runtime.InteropServices;
using Latchkey.Contract;
using Latchkey.Metrics;

namespace Latchkey.Passwords;

/// <summary>
/// Who hashes next. There are as many threads as cores, at a lower priority than everything else, so that a storm of logins leaves
/// the machine to other requests. Applications take turns, one hash each in a round; a queue that would take longer than two seconds refuses (701) at once.
/// Whoever is accepted gets a place when its turn is near: until then nothing is looked up for it, and a burst costs the
/// database no more than the threads can use.
/// </summary>
public sealed partial class HashingQueue : IDisposable
{
    /// <summary>Places given to one application for each thread: while one hash is computed, there is time for eight look-ups.</summary>
    public const int PlacesForEachThread = 8;

    private const int Niceness = 5;
    private const int LeastPriority = 19;
    private const int MostAccepted = 10_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim jobs = new(0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> served = new(StringComparer.Ordinal); // in this round
    private readonly int threads;
    private Queue<Line> round = new();
    private Queue<Line> nextRound = new();
    private int accepted;
    private double typicalMilliseconds = 30;

    public HashingQueue(int threads)
    {
        this.threads = threads;
        for (var i = 0; i < threads; i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"password-hasher-{i}" }.Start();
        }
    }

    /// <summary>
    /// A place, once its turn is near; or at once a refusal (701), before anything is done: whoever was accepted is not refused later.
    /// </summary>
    public Task<Result<Place>> Reserve(string appId)
    {
        lock (gate)
        {
            if (!lines.TryGetValue(appId, out var line))
            {
                line = new Line(appId);
            }

            if (IsFull(line))
            {
                LatchkeyMeter.PasswordRefused();
                return Task.FromResult<Result<Place>>(ErrorCodes.ServerBusy with { Cause = "the hashing queue is full", RetryAfter = LongestWait });
            }

            lines[appId] = line;
            accepted++;
            var place = new Place(this, line);
            line.Waiting.Enqueue(place);
            GivePlaces(line);
            return place.Given;
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
        jobs.Dispose();
    }

    /// <summary>Applications take turns, so one that fills its own line leaves the others' wait as it was.</summary>
    private bool IsFull(Line line)
    {
        var ahead = Math.Min(accepted, (line.Accepted + 1) * Math.Max(1, lines.Count));
        return accepted >= MostAccepted || TimeSpan.FromMilliseconds(ahead * typicalMilliseconds / threads) > LongestWait;
    }

    private void GivePlaces(Line line)
    {
        while (line.Given < PlacesForEachThread * threads && line.Waiting.TryDequeue(out var next))
        {
            line.Given++;
            next.Give();
        }
    }

    private void Enqueue(Line line, Action job)
    {
        lock (gate)
        {
            line.Jobs.Enqueue(job);
            if (line.Jobs.Count == 1)
            {
                (served.Contains(line.AppId) ? nextRound : round).Enqueue(line);
            }
        }

        jobs.Release();
    }

    /// <summary>An application that had no job in this round comes before those that had one.</summary>
    private Action Dequeue()
    {
        lock (gate)
        {
            if (round.Count == 0)
            {
                (round, nextRound) = (nextRound, round);
                served.Clear();
            }

            var line = round.Dequeue();
            served.Add(line.AppId);
            var job = line.Jobs.Dequeue();
            if (line.Jobs.Count > 0)
            {
                nextRound.Enqueue(line);
            }

            Leave(line);
            return job;
        }
    }

    private void Leave(Line line)
    {
        accepted--;
        line.Given--;
        GivePlaces(line);
        if (line.Accepted == 0)
        {
            lines.Remove(line.AppId);
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
                jobs.Wait(stopping.Token);
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

    /// <summary>One hash to be computed. Whoever holds it runs that, or gives it up by disposing of it.</summary>
    public sealed class Place : IDisposable
    {
        private readonly HashingQueue queue;
        private readonly Line line;
        private readonly long asked = Stopwatch.GetTimestamp();
        private readonly TaskCompletionSource<Result<Place>> given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int isUsed;

        internal Place(HashingQueue queue, Line line) => (this.queue, this.line) = (queue, line);

        internal Task<Result<Place>> Given => given.Task;

        /// <summary>Runs it on a thread of the queue when its turn has come.</summary>
        /// <exception cref="InvalidOperationException">It was used or given up before.</exception>
        public Task<T> Run<T>(Func<T> work)
        {
            if (Interlocked.Exchange(ref isUsed, 1) != 0)
            {
                throw new InvalidOperationException("a place is good for one hash");
            }

            var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Enqueue(line, () =>
            {
                LatchkeyMeter.PasswordWaited(Stopwatch.GetElapsedTime(asked));
                Answer(answer, work);
            });
            return answer.Task;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isUsed, 1) == 0)
            {
                lock (queue.gate)
                {
                    queue.Leave(line);
                }
            }
        }

        internal void Give() => given.SetResult(this);

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
    }

    /// <summary>What one application waits for, in the order in which it asked.</summary>
    internal sealed class Line(string appId)
    {
        public string AppId { get; } = appId;

        public Queue<Place> Waiting { get; } = new();

        /// <summary>Places given out whose hash has not begun.</summary>
        public int Given { get; set; }

        public Queue<Action> Jobs { get; } = new();

        public int Accepted => Waiting.Count + Given;
    }
}
