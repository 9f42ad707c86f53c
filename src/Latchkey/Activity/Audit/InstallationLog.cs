using System.Data.Common;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Activity.Audit;

/// <summary>
/// The log of what is done with the installation and its portal accounts: stored for operators, and written to the server's log. What is
/// done in an application is in its own log.
/// </summary>
public sealed partial class InstallationLog(Database database, InstallationLogStore store, ILogger<InstallationLog> log)
{
    /// <summary>Makes a change in a transaction. If it is not refused, its entry is stored with it.</summary>
    public Task<Result<T>> Write<T>(InstallationEntry entry, Func<DbConnection, Task<Result<T>>> change) => Write(change, _ => entry);

    /// <summary>As <see cref="Write{T}(InstallationEntry, Func{DbConnection, Task{Result{T}}})"/>, without a result.</summary>
    public Task Write(InstallationEntry entry, Func<DbConnection, Task> change) =>
        Write<Done>(
            entry,
            async db =>
            {
                await change(db);
                return default(Done);
            }
        );

    /// <summary>As above, for an entry that depends on the result.</summary>
    public async Task<Result<T>> Write<T>(Func<DbConnection, Task<Result<T>>> change, Func<T, InstallationEntry> entry)
    {
        var written = await database.Write<Result<T>>(async db =>
        {
            var result = await change(db);
            if (!result.Failed(out var value, out _))
            {
                await store.Add(db, entry(value), database.Clock);
            }

            return result;
        });
        if (!written.Failed(out var done, out _))
        {
            WriteToServerLog(entry(done));
        }

        return written;
    }

    /// <summary>
    /// Stores an entry of what is done already, such as a sign-in. If the database is lost meanwhile, only the server's log has it: whoever
    /// waits for the answer still gets it.
    /// </summary>
    public async Task Add(InstallationEntry entry)
    {
        WriteToServerLog(entry);
        try
        {
            await database.Write(db => store.Add(db, entry, database.Clock));
        }
        catch (Exception e) when (database.Dialect.IsTransient(e))
        {
            LogNotStored(log, e);
        }
    }

    private void WriteToServerLog(InstallationEntry entry)
    {
        var account = entry.DeveloperId.Length > 0 ? $"account {entry.DeveloperId}" : "account unknown";
        if (entry.Actor.Length == 0)
        {
            LogDone(log, entry.Detail, account, entry.Client);
        }
        else
        {
            LogDone(log, entry.DeveloperId.Length > 0 ? $"{account}: {entry.Detail}" : entry.Detail, $"by {entry.Actor}", entry.Client);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Portal: {What}, {Who}, from {Client}")]
    private static partial void LogDone(ILogger log, string what, string who, string client);

    [LoggerMessage(2, LogLevel.Warning, "The line above could not be stored in the installation's log")]
    private static partial void LogNotStored(ILogger log, Exception reason);
}
