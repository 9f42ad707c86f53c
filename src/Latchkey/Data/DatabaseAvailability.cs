using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// Whether the database answers. What waits for one that does not is told within two seconds instead of after a timeout, and what
/// comes later at once, until it answers again.
/// </summary>
internal sealed class DatabaseAvailability : IDisposable
{
    /// <summary>After so long without any answer it counts as gone.</summary>
    private static readonly TimeSpan LossThreshold = TimeSpan.FromSeconds(1);

    private volatile CancellationTokenSource lost = new();
    private long answeredAt = TimeProvider.System.GetTimestamp();

    public bool IsLost => lost.IsCancellationRequested;

    /// <summary>Runs work that is given up when the database is lost; it must not commit once its token is cancelled.</summary>
    /// <exception cref="NpgsqlException">The database is lost.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, Task<T>> work)
    {
        var gone = lost.Token;
        try
        {
            gone.ThrowIfCancellationRequested();
            var answer = await work(gone).WaitAsync(gone);
            Volatile.Write(ref answeredAt, TimeProvider.System.GetTimestamp());
            return answer;
        }
        catch (OperationCanceledException e) when (gone.IsCancellationRequested)
        {
            throw new NpgsqlException("The database does not respond.", e);
        }
    }

    public void RecordSuccess()
    {
        Volatile.Write(ref answeredAt, TimeProvider.System.GetTimestamp());
        if (IsLost)
        {
            lost = new CancellationTokenSource(); // who holds the old one's token is being told
        }
    }

    /// <summary>It did not answer, which makes it lost when nothing else has got an answer lately either.</summary>
    public void RecordFailure()
    {
        if (TimeProvider.System.GetElapsedTime(Volatile.Read(ref answeredAt)) >= LossThreshold)
        {
            _ = lost.CancelAsync(); // the others are told on threads of their own
        }
    }

    public void Dispose() => lost.Dispose();
}
