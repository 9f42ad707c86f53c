using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users.Administration;

/// <summary>User lists of the portal. The query comes from a URL, so invalid values are ignored.</summary>
public sealed class UserList(Database database, UserListStore lists)
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

    /// <summary>Parses the parameters of a URL.</summary>
    /// <param name="anonymous">Lists anonymous users. Their handle is a credential, so it can be neither searched nor sorted by.</param>
    public static UserListQuery Read(bool anonymous, string search, string status, string origin, string provider, string sort)
    {
        var typed = Field.IsStorable(search) ? search.Trim() : "";
        var isId = Guid.TryParseExact(typed, "D", out _);
        var (by, descending) = sort.StartsWith(DescendingPrefix) ? (sort[1..], true) : (sort, false);
        var known = Sorts.Contains(by, StringComparer.Ordinal) && !(anonymous && by == ByHandle);
        return new UserListQuery
        {
            Anonymous = anonymous,
            Search = isId ? "" : Handle.Normalise(typed),
            Id = isId ? typed.ToLowerInvariant() : "",
            Status = status is UserStatus.Active or UserStatus.Suspended or UserStatus.Locked ? status : "",
            Origin = Origins.Contains(origin, StringComparer.Ordinal) && !anonymous ? origin : "",
            Provider = Field.IsStorable(provider) && !anonymous ? provider : "",
            Sort =
                known ? SortOf(by)
                : typed.Length > 0 && !isId && !anonymous ? UserSort.Relevance
                : UserSort.Created,
            Descending = !known || descending,
        };
    }

    public Task<ListPage<User>> Page(string appId, UserListQuery query, PageRequest page) =>
        database.Read(db => lists.Page(db, appId, query, page));

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
