using System.Diagnostics;
using System.Runtime.InteropServices;
using Latchkey.Core;
using Latchkey.Core.Metrics;

namespace Latchkey.Users.Passwords;

/// <summary>
/// Who hashes next. There are as many threads as cores, at a lower priority than everything else, so that a storm of logins leaves
/// the machine to other requests. Applications take turns, one hash each in a round; a queue that would take longer than two seconds refuses (701) at once.
/// Whoever is accepted gets a place when its turn is near: until then nothing is looked up for it, and a burst costs the
/// database no more than the threads can use. An application that calls more often than it may leaves one thread to the others,
/// as long as there are others.
/// </summary>
public sealed partial class HashingQueue : IDisposable
{
    /// <summary>Places given to one application for each thread: while one hash is computed, there is time for eight look-ups.</summary>
    public const int PlacesForEachThread = 8;

    private const int Niceness = 5;
    private const int LeastPriority = 19;
    private const int MostAccepted = 10_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>So long after its last hash an application counts among the others.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim jobs = new(0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> served = new(StringComparer.Ordinal); // in this round
    private readonly int threads;
    private readonly Func<string, bool> isOverItsCap;
    private string lastServed = "";
    private long changed; // when another application than before was served
    private int held; // jobs that no thread was free to do
    private Queue<Line> round = new();
    private Queue<Line> nextRound = new();
    private int accepted;
    private double typicalMilliseconds = 30;

    /// <param name="threads">How many hashes are computed at the same time.</param>
    /// <param name="isOverItsCap">Whether calls of an application are being refused for their number.</param>
    public HashingQueue(int threads, Func<string, bool> isOverItsCap)
    {
        (this.threads, this.isOverItsCap) = (threads, isOverItsCap);
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
        return accepted >= MostAccepted || TimeSpan.FromMilliseconds(ahead * typicalMilliseconds / ThreadsOf(line)) > LongestWait;
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

    /// <summary>The next job, and whose it is; null when all that wait are of applications that have as many threads as they may.</summary>
    private (Line Line, Action Job)? Dequeue()
    {
        lock (gate)
        {
            if (NextLine() is not { } line)
            {
                held++;
                return null;
            }

            served.Add(line.AppId);
            changed = lastServed.Length > 0 && line.AppId != lastServed ? Stopwatch.GetTimestamp() : changed;
            lastServed = line.AppId;

            var job = line.Jobs.Dequeue();
            if (line.Jobs.Count > 0)
            {
                nextRound.Enqueue(line);
            }

            line.Running++;
            Leave(line);
            return (line, job);
        }
    }

    /// <summary>An application that had no job in this round comes before those that had one.</summary>
    private Line? NextLine()
    {
        for (var rounds = 0; rounds < 2; rounds++)
        {
            while (round.TryDequeue(out var line))
            {
                if (line.Running < ThreadsOf(line))
                {
                    return line;
                }

                nextRound.Enqueue(line);
            }

            (round, nextRound) = (nextRound, round);
            served.Clear();
        }

        return null;
    }

    private int ThreadsOf(Line line) =>
        threads > 1 && Stopwatch.GetElapsedTime(changed) < Remembered && isOverItsCap(line.AppId) ? threads - 1 : threads;

    /// <summary>A job that had to wait for this one may be the next.</summary>
    private void Finish(Line line)
    {
        lock (gate)
        {
            line.Running--;
            Forget(line);
            if (held > 0)
            {
                held--;
                jobs.Release();
            }
        }
    }

    private void Leave(Line line)
    {
        accepted--;
        line.Given--;
        GivePlaces(line);
        Forget(line);
    }

    private void Forget(Line line)
    {
        if (line.Accepted == 0 && line.Running == 0)
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
                if (Dequeue() is not var (line, job))
                {
                    continue;
                }

                var started = Stopwatch.GetTimestamp();
                job();
                Observe(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Finish(line);
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

        public int Running { get; set; }

        public int Accepted => Waiting.Count + Given;
    }
}
