using System.Data.Common;
using Latchkey.Data;

namespace Latchkey.Users;

/// <summary>The table users as lists: with or without an address, searched, narrowed, sorted.</summary>
public sealed class UserListStore(ListStore lists)
{
    private const string Columns = "id, handle, user_name, anonymous, origin, status, login_provider, created_at, last_login_at";
    private const string Everybody = "1 = 1";
    private const string StartsAsTyped = "handle >= @from AND handle < @to";
    private const string NameStartsAsTyped = "user_name >= @from AND user_name < @to";
    private const string HasTyped = @"handle LIKE @pattern ESCAPE '\'";
    private const string NameHasTyped = @"user_name LIKE @pattern ESCAPE '\'";

    // By handle, those without an address stand together in the middle; a list of the others passes over them.
    private const string BeforeAnonymous = "handle < 'ANON_'";
    private const string AfterAnonymous = "handle >= 'ANON`'";

    // The first condition of each tells SQLite, which knows no numbers of rows, whose index to read.
    private const string PartOfHandle = $"app_id = @appId AND handle >= '' AND ({BeforeAnonymous} OR {AfterAnonymous}) AND {HasTyped}";
    private const string PartOfName = $"app_id = @appId AND user_name >= '' AND {NameHasTyped}";

    public Task<ListPage<User>> Page(DbConnection db, string appId, UserListQuery query, PageRequest page)
    {
        var ofKind = query.Anonymous ? "app_id = @appId AND anonymous = TRUE" : "app_id = @appId AND anonymous = FALSE";
        var inOrder = query.Sort is UserSort.Handle or UserSort.Match ? "app_id = @appId" : ofKind; // sections by handle leave the others out
        var known = Indexed(query);
        return lists.Page<User>(
            db,
            new ListQuery
            {
                Columns = Columns,
                Table = "users",
                Scope = known is null ? inOrder : $"{inOrder} AND {known}",
                Sections = Sections(query),
                Filter = string.Join(" AND ", Filters(query).Where(filter => filter != known)),
                Candidates = Candidates(query, ofKind),
                Values = Values(appId, query),
            },
            page);
    }

    /// <summary>The filter that an index has together with the order.</summary>
    private static string? Indexed(UserListQuery query) => query switch
    {
        { Sort: not UserSort.Created } or { Search.Length: > 0 } or { Id.Length: > 0 } => null,
        { Status: UserStatus.Suspended } => Filters(query).First(),
        { Origin: UserOrigin.Invitation or UserOrigin.Portal or UserOrigin.Social } => OfRareOrigin,
        _ => null,
    };

    private static IReadOnlyList<ListSection> Sections(UserListQuery query) => query.Sort switch
    {
        UserSort.LastLogin => [new("last_login_at IS NOT NULL", "last_login_at", "id", query.Descending), new("last_login_at IS NULL", null, "id", query.Descending)],
        UserSort.Handle when query.Descending => [new(AfterAnonymous, null, "handle", Descending: true), new(BeforeAnonymous, null, "handle", Descending: true)],
        UserSort.Handle => [new(BeforeAnonymous, null, "handle", Descending: false), new(AfterAnonymous, null, "handle", Descending: false)],
        UserSort.Match =>
        [
            new(StartsAsTyped, null, "handle", Descending: false),
            new($"anonymous = FALSE AND NOT ({StartsAsTyped})", "created_at", "id", Descending: true),
        ],
        _ => [new(Everybody, "created_at", "id", query.Descending)],
    };

    private const string OfRareOrigin = "origin = @origin AND origin IN ('invitation', 'portal', 'social')"; // as its partial index has it

    private static IEnumerable<string> Filters(UserListQuery query)
    {
        if (query.Status.Length > 0)
        {
            yield return query.Status == UserStatus.Suspended ? "status = 'suspend'" : "status = 'active'";
        }

        if (query.Origin.Length > 0)
        {
            yield return query.Origin is UserOrigin.Invitation or UserOrigin.Portal or UserOrigin.Social ? OfRareOrigin : "origin = @origin";
        }

        if (query.Provider.Length > 0)
        {
            yield return "login_provider = @provider";
        }

        if (query.Id.Length > 0)
        {
            yield return "id = @id";
        }

        if (query.Search.Length > 0)
        {
            yield return (query.Anonymous, query.FindsParts) switch
            {
                (true, true) => NameHasTyped,
                (true, false) => $"({NameStartsAsTyped})",
                (false, true) => $"({HasTyped} OR {NameHasTyped})",
                (false, false) => $"(({StartsAsTyped}) OR ({NameStartsAsTyped}))",
            };
        }
    }

    /// <summary>Who can be meant, by the narrowest index for what is asked.</summary>
    private static string? Candidates(UserListQuery query, string ofKind) => query switch
    {
        { Id.Length: > 0 } => Ids("id = @id"),
        { Search.Length: > 0, FindsParts: true, Anonymous: true } => Ids(PartOfName),
        { Search.Length: > 0, FindsParts: true } => $"{Ids(PartOfHandle)} UNION {Ids(PartOfName)}",
        { Search.Length: > 0, Anonymous: true } => Ids($"app_id = @appId AND {NameStartsAsTyped}"),
        { Search.Length: > 0 } => $"{Ids($"app_id = @appId AND {StartsAsTyped}")} UNION {Ids($"app_id = @appId AND {NameStartsAsTyped}")}",
        { Status: UserStatus.Suspended } => Ids($"{ofKind} AND status = 'suspend'"),
        { Provider.Length: > 0 } => Ids("app_id = @appId AND login_provider = @provider"),
        { Origin: UserOrigin.Invitation or UserOrigin.Portal or UserOrigin.Social } => Ids($"{ofKind} AND {OfRareOrigin}"),
        _ => null,
    };

    /// <summary>A bounded half of a union, in a form that both engines read.</summary>
    private static string Ids(string condition) => $"SELECT id FROM (SELECT id FROM users WHERE {condition} LIMIT @most) one";

    private static Dictionary<string, object?> Values(string appId, UserListQuery query)
    {
        var (from, to) = Like.Beginning(query.Search);
        return new(StringComparer.Ordinal)
        {
            ["appId"] = appId,
            ["id"] = query.Id,
            ["from"] = from,
            ["to"] = to,
            ["pattern"] = Like.Containing(query.Search),
            ["origin"] = query.Origin,
            ["provider"] = query.Provider,
        };
    }
}
