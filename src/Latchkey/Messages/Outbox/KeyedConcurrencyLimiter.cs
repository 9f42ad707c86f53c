namespace Latchkey.Messages.Outbox;

/// <summary>
/// Work under way at the same time: so much in all, and so much of one lane. Work that takes long does nothing but wait for somebody else;
/// it leaves its place in the whole to others, and keeps that in its lane.
/// </summary>
/// <param name="most">How much in all, slow work not counted.</param>
/// <param name="mostOfOne">How much of one lane, slow work counted.</param>
/// <param name="mostSlow">How much slow work in all.</param>
/// <param name="slowAfter">When work becomes slow.</param>
/// <param name="clock">The clock of that.</param>
public sealed class KeyedConcurrencyLimiter(int most, int mostOfOne, int mostSlow, TimeSpan slowAfter, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> busy = new(StringComparer.Ordinal);
    private readonly HashSet<Task> running = [];
    private int slow;

    /// <summary>How much more may begin.</summary>
    public int Available
    {
        get
        {
            lock (gate)
            {
                return Math.Min(most - (running.Count - slow), mostSlow - slow);
            }
        }
    }

    /// <summary>How much more of this lane may begin.</summary>
    public int AvailableFor(string lane)
    {
        lock (gate)
        {
            return mostOfOne - busy.GetValueOrDefault(lane);
        }
    }

    /// <summary>Begins work that handles its own failures.</summary>
    public void Start(string lane, Func<Task> work)
    {
        var begun = new TaskCompletionSource();
        lock (gate)
        {
            busy[lane] = busy.GetValueOrDefault(lane) + 1;
            running.Add(begun.Task);
        }

        _ = Task.Run(() => Run(lane, work, begun));
    }

    /// <summary>Ends when all that is under way now has ended.</summary>
    public Task WhenIdle()
    {
        lock (gate)
        {
            return Task.WhenAll(running);
        }
    }

    private async Task Run(string lane, Func<Task> work, TaskCompletionSource begun)
    {
        var isSlow = false;
        try
        {
            var done = work();
            try
            {
                await done.WaitAsync(slowAfter, clock);
            }
            catch (TimeoutException) when (!done.IsCompleted)
            {
                isSlow = true;
                lock (gate)
                {
                    slow++;
                }

                await done;
            }
        }
        finally
        {
            End(lane, begun, isSlow);
        }
    }

    private void End(string lane, TaskCompletionSource begun, bool isSlow)
    {
        lock (gate)
        {
            running.Remove(begun.Task);
            slow -= isSlow ? 1 : 0;
            if (--busy[lane] == 0)
            {
                busy.Remove(lane);
            }
        }

        begun.SetResult();
    }
}
