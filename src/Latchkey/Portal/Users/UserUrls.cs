namespace Latchkey.Portal.Users;

/// <summary>Where an application's users are shown.</summary>
public static class UserUrls
{
    public static string ForApplication(string appId) => $"{PortalServices.Path}/applications/{appId}/users";

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
