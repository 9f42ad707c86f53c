namespace Latchkey.Data;

/// <summary>A list of rows with a handle (signups, invitations), newest first, filtered by handle prefix.</summary>
public static class HandleListQuery
{
    /// <param name="table">A table with app_id, handle, created_at and id, and with the indexes (app_id, handle, …) and (app_id,
    /// created_at, id).</param>
    public static ListQuery Create(string table, string columns, string appId, string search)
    {
        var (from, to) = LikePattern.PrefixRange(search);
        const string starts = "handle >= @from AND handle < @to";
        return new ListQuery
        {
            Columns = columns,
            Table = table,
            Scope = "app_id = @appId",
            Sections = [new("1 = 1", "created_at", "id", Descending: true)],
            Filter = search.Length > 0 ? starts : "",
            Candidates = $"SELECT id FROM {table} WHERE app_id = @appId AND {starts} LIMIT @limit",
            Values = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["appId"] = appId,
                ["from"] = from,
                ["to"] = to,
            },
        };
    }
}
