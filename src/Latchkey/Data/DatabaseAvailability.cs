using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// A circuit breaker for the database. When it stops responding, waiting requests fail within two seconds instead of after a timeout,
/// and later requests fail immediately until it responds again.
/// </summary>
internal sealed class DatabaseAvailability : IDisposable
{
    /// <summary>The database counts as lost after this time without any response.</summary>
    private static readonly TimeSpan LossThreshold = TimeSpan.FromSeconds(1);

    private volatile CancellationTokenSource lost = new();
    private long answeredAt = TimeProvider.System.GetTimestamp();

    public bool IsLost => lost.IsCancellationRequested;

    /// <summary>Runs work that is abandoned when the database is lost. The work must not commit once its token is cancelled.</summary>
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
            lost = new CancellationTokenSource(); // holders of the old token are being notified
        }
    }

    /// <summary>Records a missing response. The database counts as lost when nothing else has got a response lately either.</summary>
    public void RecordFailure()
    {
        if (TimeProvider.System.GetElapsedTime(Volatile.Read(ref answeredAt)) >= LossThreshold)
        {
            _ = lost.CancelAsync(); // the continuations run on other threads
        }
    }

    public void Dispose() => lost.Dispose();
}
