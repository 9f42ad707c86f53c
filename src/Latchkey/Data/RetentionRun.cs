using System.Data.Common;
using Latchkey.Core.Configuration;

namespace Latchkey.Data;

/// <summary>One pass over everything that expires.</summary>
/// <param name="database">What is cleaned.</param>
/// <param name="installation">How long logs are kept.</param>
/// <param name="stop">Ends the pass after the batch under way.</param>
public sealed class RetentionRun(Database database, InstallationSettings installation, CancellationToken stop)
{
    /// <summary>Rows removed in one transaction: a little at a time, so that nobody waits long for the writer.</summary>
    public const int BatchSize = 2000;

    /// <summary>How long an expired code is still told from a wrong one (411 rather than 602).</summary>
    private static readonly TimeSpan ExpiredCodeRetention = TimeSpan.FromDays(7);

    /// <summary>When the pass began, in unix milliseconds.</summary>
    public long Now { get; } = database.Clock.Now();

    public long ExpiredCodesBefore => Before(ExpiredCodeRetention);

    public long LogsBefore => Before(TimeSpan.FromDays(installation.LogDays));

    /// <summary>The moment from which on what is younger than <paramref name="age"/> was made.</summary>
    public long Before(TimeSpan age) => Now - (long)age.TotalMilliseconds;

    public Task Remove(Func<DbConnection, Task> remove) => database.Write(remove);

    /// <param name="removeBatch">
    /// Removes up to <see cref="BatchSize"/> rows and answers how many; it is called until there are fewer.
    /// </param>
    public async Task RemoveInBatches(Func<DbConnection, Task<int>> removeBatch)
    {
        while (!stop.IsCancellationRequested && await database.Write(removeBatch) == BatchSize)
        {
            // the rest
        }
    }
}
