using Latchkey.Applications.Settings;
using Latchkey.Messages.Outbox;

namespace Latchkey.Portal.Applications;

/// <summary>A group of settings that are saved together. Adding a setting to the portal is adding its line here.</summary>
/// <param name="Key">Its anchor.</param>
/// <param name="Lines">The settings, by their names in <see cref="SettingCatalog"/>.</param>
public sealed record SettingsSection(string Key, string Title, string Intro, IReadOnlyList<SettingLine> Lines)
{
    /// <summary>Why these settings do not work as they are, as a sentence; null if they work.</summary>
    public Func<ApplicationSettings, string?>? Alert { get; init; }

    /// <summary>The <see cref="MessageChannel"/> that a test message tries; null for none.</summary>
    public string? TestChannel { get; init; }
}
