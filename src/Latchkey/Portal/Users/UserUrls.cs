namespace Latchkey.Portal.Users;

/// <summary>The addresses of lists.</summary>
public static class UserUrls
{
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
