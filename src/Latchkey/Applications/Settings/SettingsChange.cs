namespace Latchkey.Applications.Settings;

/// <summary>The difference that a change makes to the named settings of an application.</summary>
public sealed class SettingsChange
{
    /// <summary>Longer values are not shown in the log, only the setting's name.</summary>
    private const int MaxShownLength = 60;

    private readonly IReadOnlyList<(string Name, string Words)> differences;

    public SettingsChange(ApplicationRow before, ApplicationRow after, IEnumerable<string> names)
    {
        var (old, now) = (State(before), State(after));
        differences = [.. names.Where(name => old(name) != now(name)).Select(name => (name, Describe(name, old(name), now(name))))];
    }

    public IReadOnlyList<string> Names => [.. differences.Select(one => one.Name)];

    /// <summary>The differences for the log, except for a setting that has an entry of its own.</summary>
    public string DescribeExcept(string name) => string.Join(", ", differences.Where(one => one.Name != name).Select(one => one.Words));

    /// <summary>The value of a setting for people; for a secret, its encrypted text.</summary>
    private static Func<string, string> State(ApplicationRow row)
    {
        var (settings, secrets) = (ApplicationRules.SettingsOf(row), SettingsDocument.Secrets(row.Settings));
        return name =>
            name switch
            {
                "name" => row.Name,
                "type" => row.Type,
                "status" => row.Status,
                _ when SettingCatalog.Find(name) is { Kind: not SettingKind.Secret } setting => setting.Format(settings),
                _ => secrets.GetValueOrDefault(name, ""),
            };
    }

    private static string Describe(string name, string old, string now) =>
        SettingCatalog.Find(name)?.Kind switch
        {
            SettingKind.Secret => $"{name} {(now.Length > 0 ? "set" : "removed")}",
            _ when old.Length > MaxShownLength || now.Length > MaxShownLength => name,
            null or SettingKind.Text => $"{name}: {Quoted(old)} → {Quoted(now)}",
            _ => $"{name}: {old} → {now}",
        };

    /// <summary>Quotes a text, so that its commas and arrows cannot look like other changes.</summary>
    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
