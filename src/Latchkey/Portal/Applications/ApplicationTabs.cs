using Latchkey.Applications;
using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Applications;

/// <summary>The tabs, in their order. A feature that brings a tab adds its line here.</summary>
public static class ApplicationTabs
{
    public const string Application = "Application";
    public const string SignIn = "Signing in";
    public const string Messages = "Messages";
    public const string Usage = "Application usage";
    public const string Activity = "Activity";

    private static readonly ApplicationTabLink[] All =
    [
        new("", "Overview", Application),
        new("settings", "Settings", Application, NeedsJwt: false) { Path = "settings/general" },
        new("members", "Members", Application, NeedsJwt: false),
        new("realm", "MongoDB Realm", Application, NeedsJwt: false),
        new("keys", "Keys", SignIn),
        new("clients", "Clients", SignIn),
        new("domains", "Domains", SignIn),
        new("branding", "Branding", SignIn),
        new("templates", "Email Templates", Messages),
        new("locales", "Locales", Messages),
        new("users", "JWT Users", Usage),
        new("storage", "Storage", Usage),
        new("realm-users", "Realm Users", Usage, NeedsJwt: false),
        new("logs", "Logs", Activity),
        new("mailbox", "Mailbox", Activity, RequiredRole: Role.Editor),
    ];

    /// <summary>The tab with this key; null when there is none.</summary>
    public static ApplicationTabLink? Find(string key) => All.FirstOrDefault(tab => tab.Key == key);

    public static IEnumerable<IGrouping<string, ApplicationTabLink>> VisibleTabs(ApplicationSettings settings, Role role) =>
        All.Where(tab => (settings.JwtEnabled || !tab.NeedsJwt) && role >= tab.RequiredRole)
            .GroupBy(tab => tab.Group, StringComparer.Ordinal);
}
