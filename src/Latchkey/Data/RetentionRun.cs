using System.Data.Common;
using Latchkey.Core.Configuration;

namespace Latchkey.Data;

/// <summary>One run of all retention steps.</summary>
/// <param name="database">The database.</param>
/// <param name="installation">Settings with the retention period of logs.</param>
/// <param name="stop">Ends the run after the current batch.</param>
public sealed class RetentionRun(Database database, InstallationSettings installation, CancellationToken stop)
{
    /// <summary>Rows deleted per transaction; small, so that other writers do not wait long.</summary>
    public const int BatchSize = 2000;

    /// <summary>How long an expired code is still distinguished from a wrong one (411 instead of 602).</summary>
    private static readonly TimeSpan ExpiredCodeRetention = TimeSpan.FromDays(7);

    /// <summary>When the run began, in unix milliseconds.</summary>
    public long Now { get; } = database.Clock.Now();

    public long ExpiredCodesBefore => Before(ExpiredCodeRetention);

    public long LogsBefore => Before(TimeSpan.FromDays(installation.LogDays));

    /// <summary>The time <paramref name="age"/> ago, in unix milliseconds.</summary>
    public long Before(TimeSpan age) => Now - (long)age.TotalMilliseconds;

    public Task Remove(Func<DbConnection, Task> remove) => database.Write(remove);

    /// <param name="removeBatch">Deletes up to <see cref="BatchSize"/> rows and returns how many. It is called until it returns
    /// fewer.</param>
    public async Task RemoveInBatches(Func<DbConnection, Task<int>> removeBatch)
    {
        while (!stop.IsCancellationRequested && await database.Write(removeBatch) == BatchSize)
        {
            // continue
        }
    }
}
