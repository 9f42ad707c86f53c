namespace Latchkey.Messages.Outbox;

/// <summary>Work under way at the same time: so much in all, and so much of one lane.</summary>
public sealed class KeyedConcurrencyLimiter(int most, int mostOfOne)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> busy = new(StringComparer.Ordinal);
    private readonly HashSet<Task> running = [];

    /// <summary>How much more may begin.</summary>
    public int Available
    {
        get
        {
            lock (gate)
            {
                return most - running.Count;
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

        _ = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            finally
            {
                End(lane, begun);
            }
        });
    }

    /// <summary>Ends when all that is under way now has ended.</summary>
    public Task WhenIdle()
    {
        lock (gate)
        {
            return Task.WhenAll(running);
        }
    }

    private void End(string lane, TaskCompletionSource begun)
    {
        lock (gate)
        {
            running.Remove(begun.Task);
            if (--busy[lane] == 0)
            {
                busy.Remove(lane);
            }
        }

        begun.SetResult();
    }
}
