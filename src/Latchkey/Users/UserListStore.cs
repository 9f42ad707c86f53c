using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Search;

namespace Latchkey.Users;

/// <summary>Lists of the table users: anonymous or not, searched, filtered and sorted.</summary>
public sealed class UserListStore(ListStore lists, Dialect dialect)
{
    private static readonly string[] Columns =
    [
        "id",
        "handle",
        "handle_key",
        "user_name",
        "anonymous",
        "origin",
        "status",
        "login_provider",
        "failed_logins",
        "failed_codes",
        "created_at",
        "last_login_at",
    ];

    /// <summary>A page of whole rows.</summary>
    public async Task<ListPage<User>> Page(DbConnection db, string appId, UserListQuery query, PageRequest page)
    {
        var found = await lists.Page<User>(db, Write(appId, query), page);
        if (found.Rows.Count == 0)
        {
            return found;
        }

        // Apart, because a search collects thousands of rows that no page shows
        var users = (
            await db.QueryAsync<User>(
                $"SELECT {UserStore.Columns} FROM users u WHERE u.app_id = @appId AND u.id {dialect.InArray("ids")}",
                new { appId, ids = found.Rows.Select(user => user.Id).ToArray() }
            )
        ).ToDictionary(user => user.Id, StringComparer.Ordinal);
        return found with { Rows = [.. found.Rows.Select(user => users.GetValueOrDefault(user.Id, user))] };
    }

    /// <summary>A page of what the list itself needs, for long walks through it.</summary>
    public Task<ListPage<User>> PageWithoutMetadata(DbConnection db, string appId, UserListQuery query, PageRequest page) =>
        lists.Page<User>(db, Write(appId, query), page);

    private ListQuery Write(string appId, UserListQuery query)
    {
        var sql = new UserConditionSql(dialect, query);
        ConditionSql[] conditions = [.. query.Conditions.Select(sql.Write)];
        if (query.Search.Length > 0)
        {
            conditions = [.. conditions, sql.WriteSearch()];
        }

        string[] columns = [.. Columns.Concat(conditions.SelectMany(one => one.Columns)).Distinct(StringComparer.Ordinal)];
        var ofKind = query.Anonymous ? "app_id = @appId AND anonymous = TRUE" : "app_id = @appId AND anonymous = FALSE";
        return new ListQuery
        {
            Columns = string.Join(", ", columns),
            Table = "users",
            // The sections by handle exclude anonymous users
            Scope = query.Sort is UserSort.Handle or UserSort.Relevance ? "app_id = @appId" : ofKind,
            Sections = Sections(query, sql),
            Filter = Filter(conditions),
            Scan = Scan(query.Sort, conditions, columns),
            Candidates =
            [
                .. conditions.Where(one => one.Candidates.Count > 0).OrderBy(one => one.Rank).Select(one => Union(one.Candidates)),
            ],
            Values = Values(appId, query, sql),
        };
    }

    /// <summary>The ids of the users with these handles, by handle key. Handles that no user has are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindIds(DbConnection db, string appId, IEnumerable<string> handles) =>
        (
            await db.QueryAsync<(string Key, string Id)>(
                $"SELECT handle_key, id FROM users WHERE app_id = @appId AND handle_key {dialect.InArray("keys")}",
                new { appId, keys = handles.Select(Handle.KeyOf).Distinct(StringComparer.Ordinal).ToArray() }
            )
        ).ToDictionary(row => row.Key, row => row.Id, StringComparer.Ordinal);

    private static string Filter(IEnumerable<ConditionSql> conditions) => string.Join(" AND ", conditions.Select(one => one.Filter));

    /// <summary>Scans the index, in the order of the list, of the condition that finds fewest.</summary>
    private static ListScan? Scan(UserSort sort, ConditionSql[] conditions, string[] columns) =>
        sort switch
        {
            UserSort.Created => ScanByCreation(conditions, columns),
            UserSort.LastLogin
                when conditions.FirstOrDefault(one => one.InOrderOfLogin is not null) is { InOrderOfLogin: { } sql } indexed =>
                new ListScan("users", sql, Filter(conditions.Where(one => one != indexed))),
            _ => null,
        };

    /// <summary>From the times on that are searched for.</summary>
    private static ListScan? ScanByCreation(ConditionSql[] conditions, string[] columns)
    {
        var indexed = conditions.Where(one => one.InOrderOfCreation is not null).MinBy(one => one.Rank);
        string[] ranges = [.. conditions.Select(one => one.RangeOfCreation).OfType<string>()];
        return indexed is null && ranges.Length == 0
            ? null
            : new ListScan(
                indexed?.Table?.Invoke(string.Join(", ", columns)) ?? "users",
                string.Join(" AND ", ranges.Append(indexed?.InOrderOfCreation).OfType<string>()),
                Filter(conditions.Where(one => one != indexed && one.RangeOfCreation is null))
            );
    }

    private static IReadOnlyList<ListSection> Sections(UserListQuery query, UserConditionSql sql) =>
        query.Sort switch
        {
            UserSort.LastLogin => ByLastLogin(query, sql),
            UserSort.Handle when query.Descending =>
            [
                new(UserTextSql.AfterAnonymous, null, "handle_key", Descending: true),
                new(UserTextSql.BeforeAnonymous, null, "handle_key", Descending: true),
            ],
            UserSort.Handle =>
            [
                new(UserTextSql.BeforeAnonymous, null, "handle_key", Descending: false),
                new(UserTextSql.AfterAnonymous, null, "handle_key", Descending: false),
            ],
            UserSort.Relevance =>
            [
                new(UserTextSql.HandleHasPrefix, null, "handle_key", Descending: false),
                new($"anonymous = FALSE AND NOT ({UserTextSql.HandleHasPrefix})", "created_at", "id", Descending: true),
            ],
            _ => [new("1 = 1", "created_at", "id", query.Descending)],
        };

    /// <summary>Those who never logged in come last, unless the times that are searched for exclude them.</summary>
    private static IReadOnlyList<ListSection> ByLastLogin(UserListQuery query, UserConditionSql sql)
    {
        var range = query.Conditions.OfType<UserCondition.LastLogin>().FirstOrDefault(one => !one.IsNegated);
        ListSection once = new(
            range is null ? "last_login_at IS NOT NULL" : sql.Within("last_login_at", range.Range),
            "last_login_at",
            "id",
            query.Descending
        );
        return range is null ? [once, new("last_login_at IS NULL", null, "id", query.Descending)] : [once];
    }

    /// <summary>Selects ids up to a limit from each, in a form that both engines accept in a UNION.</summary>
    private static string Union(IEnumerable<string> queries) =>
        string.Join(" UNION ", queries.Select(query => $"SELECT id FROM ({query} LIMIT @limit) one"));

    private static Dictionary<string, object?> Values(string appId, UserListQuery query, UserConditionSql sql)
    {
        var (from, to) = LikePattern.PrefixRange(Handle.KeyOf(query.Search));
        return new(sql.Values, StringComparer.Ordinal)
        {
            ["appId"] = appId,
            ["from"] = from,
            ["to"] = to,
        };
    }
}
