namespace Latchkey.Jobs;

/// <summary>Wakes a worker that waits for work. Signals that come while it works are one.</summary>
public sealed class WorkSignal : IDisposable
{
    private readonly SemaphoreSlim signal = new(0, 1);

    public void Wake()
    {
        if (signal.CurrentCount == 0)
        {
            try
            {
                signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // already signalled
            }
        }
    }

    /// <summary>Waits until it is woken, or until the time is over.</summary>
    public Task Wait(TimeSpan timeout, CancellationToken stop) => signal.WaitAsync(timeout, stop);

    public void Dispose() => signal.Dispose();
}
