using Latchkey.Data;

namespace Latchkey.Activity.Audit;

/// <summary>Reads the installation's log, newest first.</summary>
public sealed class InstallationLogReader(Database database, InstallationLogStore store)
{
    /// <summary>One page, and the cursor of the next page (null on the last).</summary>
    /// <param name="filter">Its handle is the address of a portal account, or the name of another actor.</param>
    public async Task<(IReadOnlyList<InstallationLogLine> Lines, LogCursor? Next)> Page(LogFilter filter, LogCursor after, int size)
    {
        var lines = await database.Read(async db =>
        {
            var person = filter.Handle.Length > 0 ? await store.FindPerson(db, filter.Handle) : null;
            return await store.Page(db, filter, person, after, size + 1);
        });
        return lines.Count <= size ? (lines, null) : ([.. lines.Take(size)], new LogCursor(lines[size - 1].At, lines[size - 1].Id));
    }

    /// <summary>The actions to choose from in the filter.</summary>
    public Task<IReadOnlyList<string>> ListActions() => database.Read(store.Actions);
}
