namespace Latchkey.Messages.Outbox;

/// <summary>
/// Limits concurrent work in total and per key. Work that runs longer than <paramref name="slowAfter"/> is waiting for a remote server:
/// it no longer counts towards the total, but still counts for its key.
/// </summary>
/// <param name="max">Maximum in total, slow work excluded.</param>
/// <param name="maxPerKey">Maximum per key, slow work included.</param>
/// <param name="maxSlow">Maximum of slow work in total.</param>
/// <param name="slowAfter">When work counts as slow.</param>
/// <param name="clock">The clock for <paramref name="slowAfter"/>.</param>
public sealed class KeyedConcurrencyLimiter(int max, int maxPerKey, int maxSlow, TimeSpan slowAfter, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> busy = new(StringComparer.Ordinal);
    private readonly HashSet<Task> running = [];
    private int slow;

    /// <summary>How much more work may start.</summary>
    public int Available
    {
        get
        {
            lock (gate)
            {
                return Math.Min(max - (running.Count - slow), maxSlow - slow);
            }
        }
    }

    /// <summary>How much more work of this key may start.</summary>
    public int AvailableFor(string key)
    {
        lock (gate)
        {
            return maxPerKey - busy.GetValueOrDefault(key);
        }
    }

    /// <summary>Starts work that handles its own exceptions.</summary>
    public void Start(string key, Func<Task> work)
    {
        var begun = new TaskCompletionSource();
        lock (gate)
        {
            busy[key] = busy.GetValueOrDefault(key) + 1;
            running.Add(begun.Task);
        }

        _ = Task.Run(() => Run(key, work, begun));
    }

    /// <summary>Completes when all work that is running now has ended.</summary>
    public Task WhenIdle()
    {
        lock (gate)
        {
            return Task.WhenAll(running);
        }
    }

    private async Task Run(string key, Func<Task> work, TaskCompletionSource begun)
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
            End(key, begun, isSlow);
        }
    }

    private void End(string key, TaskCompletionSource begun, bool isSlow)
    {
        lock (gate)
        {
            running.Remove(begun.Task);
            slow -= isSlow ? 1 : 0;
            if (--busy[key] == 0)
            {
                busy.Remove(key);
            }
        }

        begun.SetResult();
    }
}
