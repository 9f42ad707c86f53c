using System.Diagnostics;
using Latchkey.Core;
using Latchkey.Core.Metrics;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passwords;

/// <summary>
/// Schedules password hashing fairly. There is one thread per core. All but one run at low priority, so that a burst of logins does not
/// slow other requests; one has normal priority, so that a busy machine does not stop logins (with one core it is the only one).
/// Developers take turns (round-robin), then the applications of one developer, then the client networks of one application. A request is
/// refused (701) immediately when more than two seconds of hashing would come before it. That is processor time: on a busy machine it may
/// wait longer. An accepted request gets a slot shortly before its turn; nothing is read from the database before that. An application over
/// its call limit leaves one thread free while others are active.
/// </summary>
public sealed class HashingQueue : IDisposable
{
    /// <summary>Slots granted per developer and thread: enough look-ups run during one hash to keep the thread busy.</summary>
    public const int SlotsPerThread = 8;

    private const int MaxQueueLength = 10_000;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    /// <summary>Enough for hashes of the current kind.</summary>
    private const int MaxKeptBytes = 32 * 1024 * 1024;

    /// <summary>How long an application counts as active after its last hash.</summary>
    private static readonly TimeSpan ContentionWindow = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim jobs = new(0);
    private readonly TimeSpan keepMemoryFor;
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, DeveloperQueue> queues = new(StringComparer.Ordinal);
    private readonly HashSet<string> served = new(StringComparer.Ordinal); // in the current round
    private readonly int threads;
    private readonly Func<string, bool> isThrottled;
    private string lastServed = "";
    private long lastSwitchAt; // when service last moved to another application
    private int blockedJobs; // jobs that no thread was allowed to run
    private Queue<DeveloperQueue> round = new();
    private Queue<DeveloperQueue> nextRound = new();
    private int queueLength;
    private TimeSpan averageCost = TimeSpan.FromMilliseconds(12); // in processor time

    /// <param name="threads">Number of hashes computed concurrently.</param>
    /// <param name="isThrottled">Whether an application is over its call limit.</param>
    /// <param name="keepMemoryFor">How long a thread without work keeps its memory; 10 seconds if null.</param>
    public HashingQueue(int threads, Func<string, bool> isThrottled, TimeSpan? keepMemoryFor = null)
    {
        (this.threads, this.isThrottled) = (threads, isThrottled);
        this.keepMemoryFor = keepMemoryFor ?? TimeSpan.FromSeconds(10);
        for (var i = 0; i < threads; i++)
        {
            var isLowPriority = i > 0;
            new Thread(() => RunWorker(isLowPriority)) { IsBackground = true, Name = $"password-hasher-{i}" }.Start();
        }
    }

    /// <summary>
    /// Reserves a slot and completes shortly before its turn, or refuses immediately (701). An accepted request is not refused later.
    /// </summary>
    public Task<Result<HashingSlot>> Reserve(HashingShare share)
    {
        lock (gate)
        {
            if (!queues.TryGetValue(share.Developer, out var queue))
            {
                queue = new DeveloperQueue(share.Developer);
            }

            if (IsFull(queue, share))
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

            queues[share.Developer] = queue;
            queueLength++;
            var slot = new HashingSlot(this, queue, share.AppId);
            queue.Waiting.Enqueue(slot, share.AppId, share.Site);
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

    /// <summary>
    /// Whether the estimated wait is too long. Because all take turns, the backlog of one does not count fully for the others.
    /// </summary>
    private bool IsFull(DeveloperQueue queue, HashingShare share)
    {
        var aheadInOwnLine = queue.GrantedSlots + queue.Waiting.Ahead(share.AppId, share.Site);
        var ahead = Math.Min(queueLength, (aheadInOwnLine + 1) * Math.Max(1, queues.Count));
        return queueLength >= MaxQueueLength || ahead * averageCost / MaxThreadsFor(share.AppId) > MaxWait;
    }

    private void GrantSlots(DeveloperQueue queue)
    {
        while (queue.GrantedSlots < SlotsPerThread * threads && queue.Waiting.TryDequeue(out var next))
        {
            queue.GrantedSlots++;
            next.Grant();
        }
    }

    private void Enqueue(DeveloperQueue queue, string appId, Action<Argon2Memory> job)
    {
        lock (gate)
        {
            queue.Jobs.Enqueue((appId, job));
            if (queue.Jobs.Count == 1)
            {
                (served.Contains(queue.Developer) ? nextRound : round).Enqueue(queue);
            }
        }

        jobs.Release();
    }

    /// <summary>The next job and its queue; null when every waiting application uses as many threads as it may.</summary>
    private (DeveloperQueue Line, Action<Argon2Memory> Job)? Dequeue()
    {
        lock (gate)
        {
            if (NextQueue() is not { } queue)
            {
                blockedJobs++;
                return null;
            }

            served.Add(queue.Developer);
            var (appId, job) = queue.Jobs.Dequeue();
            lastSwitchAt = lastServed.Length > 0 && appId != lastServed ? Stopwatch.GetTimestamp() : lastSwitchAt;
            lastServed = appId;
            if (queue.Jobs.Count > 0)
            {
                nextRound.Enqueue(queue);
            }

            queue.Running++;
            ReleaseSlot(queue);
            return (queue, job);
        }
    }

    /// <summary>Developers without a job in this round come first.</summary>
    private DeveloperQueue? NextQueue()
    {
        for (var rounds = 0; rounds < 2; rounds++)
        {
            while (round.TryDequeue(out var queue))
            {
                if (queue.Running < MaxThreadsFor(queue.Jobs.Peek().AppId))
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

    private int MaxThreadsFor(string appId) =>
        threads > 1 && Stopwatch.GetElapsedTime(lastSwitchAt) < ContentionWindow && isThrottled(appId) ? threads - 1 : threads;

    /// <summary>Ends a job. A job that was blocked by its thread limit may be next.</summary>
    private void Finish(DeveloperQueue queue)
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

    private void ReleaseSlot(DeveloperQueue queue)
    {
        queueLength--;
        queue.GrantedSlots--;
        GrantSlots(queue);
        RemoveIfIdle(queue);
    }

    private void RemoveIfIdle(DeveloperQueue queue)
    {
        if (queue.Pending == 0 && queue.Running == 0)
        {
            queues.Remove(queue.Developer);
        }
    }

    private void RunWorker(bool isLowPriority)
    {
        if (isLowPriority)
        {
            HashingThread.LowerPriority();
        }

        using var memory = new Argon2Memory();
        try
        {
            while (true)
            {
                if (!jobs.Wait(keepMemoryFor, stopping.Token))
                {
                    memory.Release();
                }
                else if (Dequeue() is var (queue, job))
                {
                    Run(job, memory);
                    Finish(queue);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // the server is stopping
        }
    }

    private void Run(Action<Argon2Memory> job, Argon2Memory memory)
    {
        var started = HashingThread.ProcessorTime();
        job(memory);
        var cost = HashingThread.ProcessorTime() - started;
        lock (gate)
        {
            averageCost += (cost - averageCost) / 16;
        }

        if (memory.Size > MaxKeptBytes)
        {
            memory.Release(); // an imported hash needed it
        }
    }

    /// <summary>A reserved slot for one hash. The holder runs it, or releases it by disposing.</summary>
    public sealed class HashingSlot : IDisposable
    {
        private readonly HashingQueue queue;
        private readonly DeveloperQueue developerQueue;
        private readonly string appId;
        private readonly long requestedAt = Stopwatch.GetTimestamp();
        private readonly TaskCompletionSource<Result<HashingSlot>> granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int isUsed;

        internal HashingSlot(HashingQueue queue, DeveloperQueue developerQueue, string appId) =>
            (this.queue, this.developerQueue, this.appId) = (queue, developerQueue, appId);

        internal Task<Result<HashingSlot>> Granted => granted.Task;

        /// <summary>Runs the work on a thread of the queue when its turn comes.</summary>
        /// <exception cref="InvalidOperationException">The slot was used or released before.</exception>
        public Task<T> Run<T>(Func<Argon2Memory, T> work)
        {
            if (Interlocked.Exchange(ref isUsed, 1) != 0)
            {
                throw new InvalidOperationException("a place is good for one hash");
            }

            var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Enqueue(
                developerQueue,
                appId,
                memory =>
                {
                    LatchkeyMeter.RecordHashingWait(Stopwatch.GetElapsedTime(requestedAt));
                    Complete(answer, work, memory);
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
                    queue.ReleaseSlot(developerQueue);
                }
            }
        }

        internal void Grant() => granted.SetResult(this);

        private static void Complete<T>(TaskCompletionSource<T> answer, Func<Argon2Memory, T> work, Argon2Memory memory)
        {
            try
            {
                answer.SetResult(work(memory));
            }
            catch (Exception e)
            {
                answer.SetException(e); // passed on to the waiting request
            }
        }
    }

    /// <summary>The waiting requests and jobs of one developer's applications.</summary>
    internal sealed class DeveloperQueue(string developer)
    {
        public string Developer { get; } = developer;

        /// <summary>Requests without a slot, by application and network.</summary>
        public FairQueue<HashingSlot> Waiting { get; } = new();

        /// <summary>Granted slots whose hash has not started.</summary>
        public int GrantedSlots { get; set; }

        public Queue<(string AppId, Action<Argon2Memory> Job)> Jobs { get; } = new();

        public int Running { get; set; }

        public int Pending => Waiting.Count + GrantedSlots;
    }
}
