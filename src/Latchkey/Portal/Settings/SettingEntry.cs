namespace Latchkey.Portal.Settings;

/// <summary>A setting, or something else to find among the settings, and where it is.</summary>
/// <param name="Code">Its name in the API and for the command line; empty if it has none.</param>
/// <param name="Page">The title of its page.</param>
/// <param name="Path">Its address below the application's, with the anchor.</param>
public sealed record SettingEntry(string Code, string Label, string Meaning, string Page, string Path)
{
    /// <summary>More words that lead to it.</summary>
    public string Keywords { get; init; } = "";

    /// <summary>Needed before the setting is shown; empty when it is.</summary>
    public string ShownWhen { get; init; } = "";

    /// <summary>Whether all words are in the entry.</summary>
    public bool Matches(IEnumerable<string> words) =>
        words.All(word => $"{Code} {Label} {Meaning} {Page} {Keywords}".Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether all words are in its name or label: such entries come first.</summary>
    public bool IsNamed(IEnumerable<string> words) =>
        words.All(word => $"{Code} {Label}".Contains(word, StringComparison.OrdinalIgnoreCase));
}
