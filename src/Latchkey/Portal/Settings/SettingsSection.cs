using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>Settings that belong together on a page. Adding a setting to the portal is adding its line to a section.</summary>
/// <param name="Key">Its anchor.</param>
/// <param name="Lines">The settings, by their names in <see cref="SettingCatalog"/>.</param>
public sealed record SettingsSection(string Key, string Title, string Intro, IReadOnlyList<SettingLine> Lines)
{
    /// <summary>Why these settings do not work as they are, as a sentence; null if they work.</summary>
    public Func<ApplicationSettings, string?>? Alert { get; init; }

    /// <summary>Whether the section has an effect under the settings of other pages; null for always.</summary>
    public Func<ApplicationSettings, bool>? IsUsed { get; init; }

    /// <summary>What would show the section while it is not used.</summary>
    public string UnusedHint { get; init; } = "";

    /// <summary>The settings that are fields of the page's form; metadata fields have pages of their own.</summary>
    public IEnumerable<SettingLine> Inputs => Lines.Where(line => SettingCatalog.Get(line.Name).Kind != SettingKind.Fields);

    /// <summary>The lists of metadata fields.</summary>
    public IEnumerable<SettingLine> Lists => Lines.Where(line => SettingCatalog.Get(line.Name).Kind == SettingKind.Fields);
}
