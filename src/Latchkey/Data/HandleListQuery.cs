using Latchkey.Core;

namespace Latchkey.Data;

/// <summary>A list of rows with a handle (signups, invitations), newest first, filtered by handle prefix.</summary>
public static class HandleListQuery
{
    /// <param name="table">
    /// A table with app_id, handle, handle_key, created_at and id, and the indexes (app_id, handle_key, …) and (app_id, created_at, id).
    /// </param>
    /// <param name="columns">The columns to read, handle_key among them.</param>
    /// <param name="appId">The application.</param>
    /// <param name="search">The start of a handle, normalised; empty for all.</param>
    public static ListQuery Create(string table, string columns, string appId, string search)
    {
        // The index holds A-labels behind the @, so it narrows the list down to the local part.
        var key = Handle.KeyOf(search);
        var at = key.IndexOf('@', StringComparison.Ordinal);
        var (from, to) = LikePattern.PrefixRange(search);
        var (keyFrom, keyTo) = LikePattern.PrefixRange(key);
        var (localFrom, localTo) = LikePattern.PrefixRange(at < 0 ? key : key[..(at + 1)]);
        return new ListQuery
        {
            Columns = columns,
            Table = table,
            Scope = "app_id = @appId",
            Sections = [new("1 = 1", "created_at", "id", Descending: true)],
            Filter = search.Length > 0 ? "(handle >= @from AND handle < @to OR handle_key >= @keyFrom AND handle_key < @keyTo)" : "",
            Candidates =
            [
                $"SELECT id FROM {table} WHERE app_id = @appId AND handle_key >= @localFrom AND handle_key < @localTo LIMIT @limit",
            ],
            Values = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["appId"] = appId,
                ["from"] = from,
                ["to"] = to,
                ["keyFrom"] = keyFrom,
                ["keyTo"] = keyTo,
                ["localFrom"] = localFrom,
                ["localTo"] = localTo,
            },
        };
    }
}
