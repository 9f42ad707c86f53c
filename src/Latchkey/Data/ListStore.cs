using System.Data.Common;
using Dapper;

namespace Latchkey.Data;

/// <summary>
/// Reads lists by keyset pagination, so that every page costs the same. A filter without an index is applied by scanning rows in the
/// list's order. If one scan does not fill the page, an index that can select candidates is used, provided it yields few; otherwise a
/// few more scans follow. A page is always correct but may be short: <see cref="ListPage{T}.IsPartial"/>.
/// </summary>
public sealed class ListStore(Dialect dialect)
{
    /// <summary>Rows read in one scan, and the highest number of candidates.</summary>
    public const int MaxRowsPerScan = 5000;

    /// <summary>Scans per page.</summary>
    private const int MaxScans = 4;

    private const string MatchAll = "1 = 1";

    public async Task<ListPage<T>> Page<T>(DbConnection db, ListQuery query, PageRequest request)
        where T : class
    {
        var before = PageCursor.Decode(request.Before);
        var start = before ?? PageCursor.Decode(request.After);
        if (start is not null && start.Section >= query.Sections.Count)
        {
            (before, start) = (null, null);
        }

        var walk = await ScanPage<T>(db, query, start, before is not null, request.Size + 1);
        return before is null || start is null ? Forwards(walk, start, request.Size)
            : walk.Rows.Count < request.Size && walk.StoppedAt is null ? await Page<T>(db, query, request with { Before = "", After = "" })
            : Backwards(walk, start, request.Size);
    }

    private static ListPage<T> Forwards<T>(ScanResult<T> walk, PageCursor? start, int size)
    {
        var shown = walk.Rows.Take(size).ToList();
        var next = walk.Rows.Count > size ? shown[^1].Cursor : walk.StoppedAt;
        return new(
            [.. shown.Select(row => row.Row)],
            start is null ? null
                : shown.Count > 0 ? shown[0].Cursor
                : start,
            next,
            shown.Count < size && walk.StoppedAt is not null
        );
    }

    private static ListPage<T> Backwards<T>(ScanResult<T> walk, PageCursor start, int size)
    {
        var shown = walk.Rows.Take(size).Reverse().ToList();
        var previous = walk.Rows.Count > size ? shown[0].Cursor : walk.StoppedAt;
        return new(
            [.. shown.Select(row => row.Row)],
            previous,
            shown.Count > 0 ? shown[^1].Cursor : start,
            shown.Count < size && walk.StoppedAt is not null
        );
    }

    private async Task<ScanResult<T>> ScanPage<T>(DbConnection db, ListQuery query, PageCursor? start, bool backwards, int limit)
        where T : class
    {
        var walk = await Scan<T>(db, query, null, start, backwards, limit);
        if (walk.StoppedAt is null)
        {
            return walk;
        }

        foreach (var candidates in query.Candidates)
        {
            string[] ids = [.. await db.QueryAsync<string>(candidates, Parameters(query, ("limit", MaxRowsPerScan + 1)))];
            if (ids.Length <= MaxRowsPerScan)
            {
                return await Scan<T>(db, query, ids, start, backwards, limit);
            }
        }

        for (var further = 1; further < MaxScans && walk.StoppedAt is { } stop && walk.Rows.Count < limit; further++)
        {
            var more = await Scan<T>(db, query, null, stop, backwards, limit - walk.Rows.Count);
            walk = new([.. walk.Rows, .. more.Rows], more.StoppedAt);
        }

        return walk;
    }

    /// <param name="ids">The only candidates; null when unknown.</param>
    private async Task<ScanResult<T>> Scan<T>(DbConnection db, ListQuery query, string[]? ids, PageCursor? start, bool backwards, int limit)
        where T : class
    {
        var rows = new List<RowWithCursor<T>>();
        var step = backwards ? -1 : 1;
        for (var index = start?.Section ?? 0; index >= 0 && index < query.Sections.Count && rows.Count < limit; index += step)
        {
            var part = new SectionRange(query, query.Sections[index], index, start?.Section == index ? start : null, backwards);
            var isBounded = ids is null && part.ScanFilter.Length > 0;
            var wanted = limit - rows.Count;
            rows.AddRange(await Rows<T>(db, part, ids, isBounded, wanted));
            if (isBounded && rows.Count < limit && await LastScannedRow(db, part) is { } stop)
            {
                return new(rows, stop);
            }
        }

        return new(rows, null);
    }

    private async Task<IEnumerable<RowWithCursor<T>>> Rows<T>(DbConnection db, SectionRange part, string[]? ids, bool isBounded, int wanted)
        where T : class
    {
        var query = part.Query;
        var filter = query.Filter.Length > 0 ? query.Filter : MatchAll;
        var sql =
            ids is not null
                ? $"""
                    WITH meant AS MATERIALIZED (SELECT app_id, {query.Columns} FROM {query.Table}
                      WHERE app_id = @appId AND id {dialect.InArray("ids")})
                    SELECT {query.Columns}, {part.Keys} FROM meant WHERE {query.Scope} AND {part.Condition}
                      AND {filter} ORDER BY {part.Order} LIMIT @wanted
                    """
            : isBounded
                ? $"""
                    SELECT {query.Columns}, {part.Keys}
                    FROM (SELECT {query.Columns} FROM {part.Scanned}
                      AND {part.Condition} ORDER BY {part.Order} LIMIT {MaxRowsPerScan}) looked_at
                    WHERE {part.ScanFilter} LIMIT @wanted
                    """
            : $"SELECT {query.Columns}, {part.Keys} FROM {part.Scanned} AND {part.Condition} ORDER BY {part.Order} LIMIT @wanted";
        var parameters = Parameters(query, ("ids", ids), ("wanted", wanted), ("number", part.Start?.Number), ("text", part.Start?.Text));
        return await db.QueryAsync<T, Key, RowWithCursor<T>>(
            sql,
            (row, key) => new(row, new PageCursor(part.Index, key.PlaceNumber, key.PlaceText)),
            parameters,
            splitOn: "place_number"
        );
    }

    /// <summary>The last row within the scan limit; null when the section ends before it.</summary>
    private static async Task<PageCursor?> LastScannedRow(DbConnection db, SectionRange part) =>
        await db.QuerySingleOrDefaultAsync<Key>(
            $"SELECT {part.Keys} FROM {part.Scanned} AND {part.Condition} ORDER BY {part.Order} LIMIT 1 OFFSET {MaxRowsPerScan - 1}",
            Parameters(part.Query, ("number", part.Start?.Number), ("text", part.Start?.Text))
        )
            is { } key
            ? new PageCursor(part.Index, key.PlaceNumber, key.PlaceText)
            : null;

    private static DynamicParameters Parameters(ListQuery query, params (string Name, object? Value)[] more)
    {
        var parameters = new DynamicParameters();
        foreach (
            var (name, value) in query.Values.Select(value => (value.Key, value.Value)).Concat(more.Where(one => one.Value is not null))
        )
        {
            parameters.Add(name, value);
        }

        return parameters;
    }

    /// <summary>A section from a position on, in one direction.</summary>
    private sealed record SectionRange(ListQuery Query, ListSection Section, int Index, PageCursor? Start, bool Backwards)
    {
        private bool Descending => Section.Descending != Backwards;

        /// <summary>The table with its condition, for scans.</summary>
        public string Scanned =>
            Query.Scan is { } scan ? $"{scan.Table} WHERE {Query.Scope} AND {scan.Condition}" : $"{Query.Table} WHERE {Query.Scope}";

        public string ScanFilter => Query.Scan?.Filter ?? Query.Filter;

        public string Keys => $"{Section.Number ?? "CAST(0 AS BIGINT)"} AS place_number, {Section.Text} AS place_text";

        public string Order =>
            Descending
                ? $"{(Section.Number is null ? "" : $"{Section.Number} DESC, ")}{Section.Text} DESC"
                : $"{(Section.Number is null ? "" : $"{Section.Number}, ")}{Section.Text}";

        public string Condition =>
            Start is null ? Section.Condition
            : Section.Number is null ? $"{Section.Condition} AND {Section.Text} {Sign} @text"
            : $"{Section.Condition} AND ({Section.Number}, {Section.Text}) {Sign} (@number, @text)";

        private string Sign => Descending ? "<" : ">";
    }

    private sealed record Key
    {
        public long PlaceNumber { get; init; }

        public string PlaceText { get; init; } = "";
    }

    private sealed record RowWithCursor<T>(T Row, PageCursor Cursor);

    private sealed record ScanResult<T>(IReadOnlyList<RowWithCursor<T>> Rows, PageCursor? StoppedAt);
}
