using Latchkey.Core.Configuration;
using Latchkey.Users;
using Latchkey.Users.Search;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Portal.Users;

/// <summary>The addresses of lists.</summary>
public static class UserUrls
{
    /// <summary>The search of a list of users.</summary>
    public const string Search = "q";

    private static readonly string[] ListFields = [Search, "sort", "after", "before", ListPosition.Parameter];

    /// <summary>
    /// The search of a list of users as typed. Addresses of before had its parts in <c>search</c>, <c>status</c>, <c>source</c> and
    /// <c>provider</c>.
    /// </summary>
    public static string SearchText(HttpRequest request)
    {
        string[] parts =
        [
            FormValues.Query(request, Search),
            FormValues.Query(request, "search"),
            .. new[] { UserSearchOperators.Status, UserSearchOperators.Source, UserSearchOperators.Provider }.Select(name =>
                FormValues.Query(request, name) is { Length: > 0 } value
                    ? $"{name}:{(value == UserStatus.Suspended ? "suspended" : value)}"
                    : ""
            ),
        ];
        return string.Join(' ', parts.Select(part => part.Trim()).Where(part => part.Length > 0));
    }

    /// <summary>Search, order and page of the list that a form stands in, <c>?…</c>: the answer is the same list.</summary>
    public static string ListState(HttpRequest request) =>
        WithQuery("", [(Search, SearchText(request)), .. ListFields[1..].Select(name => (name, FormValues.Query(request, name)))])
            is { Length: > 0 } state
            ? state
            : "?";

    /// <summary>The list as it was when <see cref="ListState"/> was taken, which comes back from the browser.</summary>
    public static string ListAgain(string list, string state, params (string Name, string Value)[] more)
    {
        var value = Reader(state);
        return WithQuery(list, [.. ListFields.Select(name => (name, value(name))), .. more]);
    }

    /// <summary>The page that finds the user of a handle.</summary>
    public static string ByHandle(PathBase root, string appId, string handle) =>
        $"{root}/portal/applications/{appId}/users/by-handle?handle={Uri.EscapeDataString(handle)}";

    /// <summary>What a <see cref="ListState"/> says of each field; empty for nothing.</summary>
    public static Func<string, string> Reader(string state)
    {
        var query = QueryHelpers.ParseQuery(state);
        return name => query.TryGetValue(name, out var value) && value is [.., { } last] ? last : "";
    }

    /// <summary>A <see cref="ListState"/> with one more field, as a relative address.</summary>
    public static string WithMore(string state, string name, string value) =>
        $"{state}{(state.Length > 1 ? "&" : "")}{name}={Uri.EscapeDataString(value)}";

    /// <summary>A list's address with its query. Empty values are left out.</summary>
    public static string WithQuery(string path, params (string Name, string Value)[] state)
    {
        var query = string.Join(
            '&',
            state.Where(one => one.Value.Length > 0).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}")
        );
        return query.Length == 0 ? path : $"{path}?{query}";
    }
}
