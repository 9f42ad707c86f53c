using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>All settings of an application and the places where they are.</summary>
public static class SettingsIndex
{
    /// <summary>What is on pages that have more than settings.</summary>
    private static readonly SettingEntry[] Others =
    [
        General("name", "Name", "What your users see in their mails.", "set-name"),
        General("type", "Type", "Development or commercial.", "type", "upgrade"),
        General("status", "Status", "Active, inactive, migrated.", "status", "switch off stop pause migrate"),
        General("jwtEnabled", "JWT", "Whether users sign up and log in here.", "jwt", "switch off disable"),
        General("", "Reset", "Deletes all users, and keeps settings and keys.", "erase", "delete users"),
        General("", "Delete", "Deletes the application and everything in it.", "erase", "remove"),
        new("locales", "Locales", "The languages that users can choose.", "Locales", "locales") { Keywords = "language translation" },
    ];

    /// <summary>The entries in the order of the pages.</summary>
    public static IReadOnlyList<SettingEntry> Of(ApplicationSettings settings) =>
        settings.JwtEnabled
            ?
            [
                .. Others.Where(IsGeneral),
                .. SettingsGroups.All.Append(RealmGroup.Group).SelectMany(group => Entries(group, settings)),
                .. Others.Where(entry => !IsGeneral(entry)),
            ]
            : [.. Others.Where(IsGeneral), .. Entries(RealmGroup.Group, settings)];

    /// <summary>The entries that have all words of a text, those that have them in their names first.</summary>
    public static IReadOnlyList<SettingEntry> Find(ApplicationSettings settings, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. Of(settings).Where(entry => entry.Matches(words)).OrderByDescending(entry => entry.IsNamed(words))];
    }

    private static IEnumerable<SettingEntry> Entries(SettingsGroup group, ApplicationSettings settings) =>
        group.Sections.SelectMany(section => section.Lines.Select(line => Entry(group, section, line, settings)));

    /// <summary>A setting that does not apply is found at the one that would show it.</summary>
    private static SettingEntry Entry(SettingsGroup group, SettingsSection section, SettingLine line, ApplicationSettings settings)
    {
        string Value(string name) => SettingCatalog.Get(name).Format(settings);
        var unmet = SettingCondition.Parts(line.When).FirstOrDefault(part => !SettingCondition.IsMet(part, Value));
        var isUsed = section.IsUsed?.Invoke(settings) ?? true;
        var query = isUsed ? "" : $"?show={section.Key}";
        return new SettingEntry(
            line.Name,
            line.Label,
            line.Meaning,
            group.Title,
            $"{group.Path}{query}#set-{(unmet is null ? line.Name : SettingCondition.Names(unmet).First())}"
        )
        {
            Keywords = $"{section.Title} {string.Join(' ', (line.Choices ?? []).Select(choice => choice.Label))}",
            ShownWhen = unmet is null ? "" : $"shown when {SettingCondition.Describe(unmet, group.Line)}",
        };
    }

    private static bool IsGeneral(SettingEntry entry) => entry.Page == SettingsGroups.General.Title;

    private static SettingEntry General(string code, string label, string meaning, string anchor, string keywords = "") =>
        new(code, label, meaning, SettingsGroups.General.Title, $"{SettingsGroups.General.Path}#{anchor}") { Keywords = keywords };
}
