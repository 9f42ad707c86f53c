using System.Diagnostics;
using System.Runtime.InteropServices;
using Latchkey.Core;
using Latchkey.Core.Metrics;

namespace Latchkey.Users.Passwords;

/// <summary>
/// Who hashes next. There are as many threads as cores, at a lower priority than everything else, so that a storm of logins leaves
/// the machine to other requests. Applications take turns, one hash each in a round; a queue that would take longer than two seconds
/// refuses (701) at once.
/// Whoever is accepted gets a place when its turn is near: until then nothing is looked up for it, and a burst costs the
/// database no more than the threads can use. An application that calls more often than it may leaves one thread to the others,
/// as long as there are others.
/// </summary>
public sealed partial class HashingQueue : IDisposable
{
    /// <summary>Places given to one application for each thread: while one hash is computed, there is time for eight look-ups.</summary>
    public const int SlotsPerThread = 8;

    private const int NiceIncrement = 5;
    private const int MaxNice = 19;
    private const int MaxQueueLength = 10_000;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    /// <summary>So long after its last hash an application counts among the others.</summary>
    private static readonly TimeSpan ContentionWindow = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim jobs = new(0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, ApplicationQueue> queues = new(StringComparer.Ordinal);
    private readonly HashSet<string> served = new(StringComparer.Ordinal); // in this round
    private readonly int threads;
    private readonly Func<string, bool> isThrottled;
    private string lastServed = "";
    private long lastSwitchAt; // when another application than before was served
    private int blockedJobs; // jobs that no thread was free to do
    private Queue<ApplicationQueue> round = new();
    private Queue<ApplicationQueue> nextRound = new();
    private int queueLength;
    private double averageMilliseconds = 30;

    /// <param name="threads">How many hashes are computed at the same time.</param>
    /// <param name="isThrottled">Whether calls of an application are being refused for their number.</param>
    public HashingQueue(int threads, Func<string, bool> isThrottled)
    {
        (this.threads, this.isThrottled) = (threads, isThrottled);
        for (var i = 0; i < threads; i++)
        {
            new Thread(RunWorker) { IsBackground = true, Name = $"password-hasher-{i}" }.Start();
        }
    }

    /// <summary>
    /// A place, once its turn is near; or at once a refusal (701), before anything is done: whoever was accepted is not refused later.
    /// </summary>
    public Task<Result<HashingSlot>> Reserve(string appId)
    {
        lock (gate)
        {
            if (!queues.TryGetValue(appId, out var queue))
            {
                queue = new ApplicationQueue(appId);
            }

            if (IsFull(queue))
            {
                LatchkeyMeter.RecordHashingRefused();
                return Task.FromResult<Result<HashingSlot>>(
                    ErrorCodes.ServerBusy with
                    {
                        Cause = "the hashing queue is full",
                        RetryAfter = MaxWait,
                    }
                );
            }

            queues[appId] = queue;
            queueLength++;
            var slot = new HashingSlot(this, queue);
            queue.Waiting.Enqueue(slot);
            GrantSlots(queue);
            return slot.Granted;
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
        jobs.Dispose();
    }

    /// <summary>Applications take turns, so one that fills its own line leaves the others' wait as it was.</summary>
    private bool IsFull(ApplicationQueue queue)
    {
        var ahead = Math.Min(queueLength, (queue.Pending + 1) * Math.Max(1, queues.Count));
        return queueLength >= MaxQueueLength || TimeSpan.FromMilliseconds(ahead * averageMilliseconds / MaxThreadsFor(queue)) > MaxWait;
    }

    private void GrantSlots(ApplicationQueue queue)
    {
        while (queue.GrantedSlots < SlotsPerThread * threads && queue.Waiting.TryDequeue(out var next))
        {
            queue.GrantedSlots++;
            next.Grant();
        }
    }

    private void Enqueue(ApplicationQueue queue, Action job)
    {
        lock (gate)
        {
            queue.Jobs.Enqueue(job);
            if (queue.Jobs.Count == 1)
            {
                (served.Contains(queue.AppId) ? nextRound : round).Enqueue(queue);
            }
        }

        jobs.Release();
    }

    /// <summary>The next job, and whose it is; null when all that wait are of applications that have as many threads as they may.</summary>
    private (ApplicationQueue Line, Action Job)? Dequeue()
    {
        lock (gate)
        {
            if (NextQueue() is not { } queue)
            {
                blockedJobs++;
                return null;
            }

            served.Add(queue.AppId);
            lastSwitchAt = lastServed.Length > 0 && queue.AppId != lastServed ? Stopwatch.GetTimestamp() : lastSwitchAt;
            lastServed = queue.AppId;

            var job = queue.Jobs.Dequeue();
            if (queue.Jobs.Count > 0)
            {
                nextRound.Enqueue(queue);
            }

            queue.Running++;
            ReleaseSlot(queue);
            return (queue, job);
        }
    }

    /// <summary>An application that had no job in this round comes before those that had one.</summary>
    private ApplicationQueue? NextQueue()
    {
        for (var rounds = 0; rounds < 2; rounds++)
        {
            while (round.TryDequeue(out var queue))
            {
                if (queue.Running < MaxThreadsFor(queue))
                {
                    return queue;
                }

                nextRound.Enqueue(queue);
            }

            (round, nextRound) = (nextRound, round);
            served.Clear();
        }

        return null;
    }

    private int MaxThreadsFor(ApplicationQueue queue) =>
        threads > 1 && Stopwatch.GetElapsedTime(lastSwitchAt) < ContentionWindow && isThrottled(queue.AppId) ? threads - 1 : threads;

    /// <summary>A job that had to wait for this one may be the next.</summary>
    private void Finish(ApplicationQueue queue)
    {
        lock (gate)
        {
            queue.Running--;
            RemoveIfIdle(queue);
            if (blockedJobs > 0)
            {
                blockedJobs--;
                jobs.Release();
            }
        }
    }

    private void ReleaseSlot(ApplicationQueue queue)
    {
        queueLength--;
        queue.GrantedSlots--;
        GrantSlots(queue);
        RemoveIfIdle(queue);
    }

    private void RemoveIfIdle(ApplicationQueue queue)
    {
        if (queue.Pending == 0 && queue.Running == 0)
        {
            queues.Remove(queue.AppId);
        }
    }

    private void RunWorker()
    {
        if (OperatingSystem.IsLinux())
        {
            // On Linux, "this process" (0, 0) is this thread; a refusal costs fairness only
            _ = SetPriority(0, 0, Math.Min(MaxNice, GetPriority(0, 0) + NiceIncrement));
        }

        try
        {
            while (true)
            {
                jobs.Wait(stopping.Token);
                if (Dequeue() is not var (queue, job))
                {
                    continue;
                }

                var started = Stopwatch.GetTimestamp();
                job();
                RecordDuration(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Finish(queue);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // the server is stopping
        }
    }

    private void RecordDuration(double milliseconds)
    {
        lock (gate)
        {
            averageMilliseconds += (milliseconds - averageMilliseconds) / 16;
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, uint who);

    /// <summary>One hash to be computed. Whoever holds it runs that, or gives it up by disposing of it.</summary>
    public sealed class HashingSlot : IDisposable
    {
        private readonly HashingQueue queue;
        private readonly ApplicationQueue applicationQueue;
        private readonly long requestedAt = Stopwatch.GetTimestamp();
        private readonly TaskCompletionSource<Result<HashingSlot>> granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int isUsed;

        internal HashingSlot(HashingQueue queue, ApplicationQueue applicationQueue) =>
            (this.queue, this.applicationQueue) = (queue, applicationQueue);

        internal Task<Result<HashingSlot>> Granted => granted.Task;

        /// <summary>Runs it on a thread of the queue when its turn has come.</summary>
        /// <exception cref="InvalidOperationException">It was used or given up before.</exception>
        public Task<T> Run<T>(Func<T> work)
        {
            if (Interlocked.Exchange(ref isUsed, 1) != 0)
            {
                throw new InvalidOperationException("a place is good for one hash");
            }

            var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Enqueue(
                applicationQueue,
                () =>
                {
                    LatchkeyMeter.RecordHashingWait(Stopwatch.GetElapsedTime(requestedAt));
                    Complete(answer, work);
                }
            );
            return answer.Task;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isUsed, 1) == 0)
            {
                lock (queue.gate)
                {
                    queue.ReleaseSlot(applicationQueue);
                }
            }
        }

        internal void Grant() => granted.SetResult(this);

        private static void Complete<T>(TaskCompletionSource<T> answer, Func<T> work)
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
    internal sealed class ApplicationQueue(string appId)
    {
        public string AppId { get; } = appId;

        public Queue<HashingSlot> Waiting { get; } = new();

        /// <summary>Places given out whose hash has not begun.</summary>
        public int GrantedSlots { get; set; }

        public Queue<Action> Jobs { get; } = new();

        public int Running { get; set; }

        public int Pending => Waiting.Count + GrantedSlots;
    }
}
