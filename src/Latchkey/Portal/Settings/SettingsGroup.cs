namespace Latchkey.Portal.Settings;

/// <summary>A page of settings, which are saved together.</summary>
/// <param name="Key">The last segment of its address.</param>
/// <param name="Description">One line: what a developer finds there.</param>
public sealed record SettingsGroup(string Key, string Title, string Description, IReadOnlyList<SettingsSection> Sections)
{
    /// <summary>The page's address below the application's.</summary>
    public string Path { get; init; } = $"settings/{Key}";

    public IEnumerable<SettingLine> Lines => Sections.SelectMany(section => section.Lines);

    /// <summary>Gets a setting of this page.</summary>
    /// <exception cref="InvalidOperationException">It is on another page.</exception>
    public SettingLine Line(string name) => Lines.First(line => line.Name == name);
}
