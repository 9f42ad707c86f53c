using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Search;

namespace Latchkey.Users.Administration;

/// <summary>Lists of users: searched, sorted, page by page.</summary>
public sealed class UserList(Database database, UserListStore lists, UserSearch search)
{
    public const int PageSize = 50;
    public const string ByHandle = "handle";
    public const string ByLastLogin = "lastLogin";
    public const string ByCreated = "created";

    private const char DescendingPrefix = '-';
    private static readonly string[] Sorts = [ByCreated, ByLastLogin, ByHandle];

    /// <summary>All sort orders as in URLs; a leading - reverses the order.</summary>
    public static IReadOnlyList<string> AllSorts { get; } =
    [
        $"{DescendingPrefix}{ByCreated}",
        ByCreated,
        $"{DescendingPrefix}{ByLastLogin}",
        ByLastLogin,
        ByHandle,
        $"{DescendingPrefix}{ByHandle}",
    ];

    public static IReadOnlyList<string> Origins { get; } =
    [
        UserOrigin.Signup,
        UserOrigin.Invitation,
        UserOrigin.Portal,
        UserOrigin.Server,
        UserOrigin.CommandLine,
        UserOrigin.Import,
        UserOrigin.Social,
    ];

    /// <summary>Reads a search (<see cref="UserSearch"/>) and a sort order. An unknown order counts as none: it comes from a URL.</summary>
    /// <param name="scope">The application. Anonymous users cannot be sorted by their handle, which is a credential.</param>
    /// <param name="text">The search as typed.</param>
    /// <param name="sort">One of <see cref="AllSorts"/>; empty for the one that suits the search.</param>
    public Result<UserListQuery> Read(UserSearchScope scope, string text, string sort)
    {
        if (search.Parse(text, scope).Failed(out var query, out var refused))
        {
            return refused;
        }

        var (by, descending) = sort.StartsWith(DescendingPrefix) ? (sort[1..], true) : (sort, false);
        return Sorts.Contains(by, StringComparer.Ordinal) && !(query.Anonymous && by == ByHandle)
            ? query with
            {
                Sort = SortOf(by),
                Descending = descending,
            }
            : query;
    }

    public Task<ListPage<User>> Page(string appId, UserListQuery query, PageRequest page) =>
        database.Read(db => lists.Page(db, appId, query, page));

    public Task<ListPage<User>> PageWithoutMetadata(string appId, UserListQuery query, PageRequest page) =>
        database.Read(db => lists.PageWithoutMetadata(db, appId, query, page));

    /// <summary>The ids of the users with these handles, by handle key. Handles that no user has are left out.</summary>
    public Task<IReadOnlyDictionary<string, string>> FindIds(string appId, IReadOnlyCollection<string> handles) =>
        database.Read(db => lists.FindIds(db, appId, handles.Where(Field.IsStorable)));

    private static UserSort SortOf(string by) =>
        by switch
        {
            ByHandle => UserSort.Handle,
            ByLastLogin => UserSort.LastLogin,
            _ => UserSort.Created,
        };
}
