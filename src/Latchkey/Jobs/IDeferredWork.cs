using System.Data.Common;

namespace Latchkey.Jobs;

/// <summary>One kind of <see cref="DeferredWork"/>.</summary>
public interface IDeferredWork
{
    /// <summary>The name by which rows name it.</summary>
    string Kind { get; }

    /// <summary>
    /// Reads what the work needs of other connections, such as the application. Returns what runs in the transaction that also removes the
    /// work from the queue; null when there is nothing to do any more.
    /// </summary>
    /// <param name="input">What was given to <see cref="DeferredWork.Add"/>.</param>
    Task<Func<DbConnection, Task>?> Prepare(string input);

    /// <summary>Called when the transaction has committed, for example to wake the worker that sends what it queued.</summary>
    void Finish();
}
