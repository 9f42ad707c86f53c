using Latchkey.Core.Configuration;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Portal.Users;

/// <summary>The addresses of lists.</summary>
public static class UserUrls
{
    private static readonly string[] ListFields = ["search", "status", "source", "provider", "sort", "after", "before"];

    /// <summary>Search, filters, order and page of the list that a form stands in, <c>?…</c>: the answer is the same list.</summary>
    public static string ListState(HttpRequest request) =>
        WithQuery("", [.. ListFields.Select(name => (name, FormValues.Query(request, name)))]) is { Length: > 0 } state ? state : "?";

    /// <summary>The list as it was when <see cref="ListState"/> was taken, which comes back from the browser.</summary>
    public static string ListAgain(string list, string state, params (string Name, string Value)[] more)
    {
        var query = QueryHelpers.ParseQuery(state);
        return WithQuery(
            list,
            [.. ListFields.Select(name => (name, query.TryGetValue(name, out var value) ? value.ToString() : "")), .. more]
        );
    }

    /// <summary>The page that finds the user of a handle.</summary>
    public static string ByHandle(PathBase root, string appId, string handle) =>
        $"{root}/portal/applications/{appId}/users/by-handle?handle={Uri.EscapeDataString(handle)}";

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
