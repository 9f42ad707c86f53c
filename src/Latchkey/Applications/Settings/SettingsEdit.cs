namespace Latchkey.Applications.Settings;

/// <summary>
/// A form of settings as it came back: what each field says, and what it said when the form was opened. What nobody touched is no
/// change, so a form that lay open turns nothing back that a colleague has changed meanwhile.
/// </summary>
/// <param name="Original">As <see cref="Setting.Format"/> gave them, by the settings' names; of one that is missing nobody knows, so it
/// counts as touched.</param>
/// <param name="Submitted">As they came back.</param>
public sealed record SettingsEdit(IReadOnlyDictionary<string, string> Original, IReadOnlyDictionary<string, string> Submitted)
{
    public Dictionary<string, string> Changed { get; } =
        Submitted.Where(one => Original.GetValueOrDefault(one.Key) != one.Value).ToDictionary(StringComparer.Ordinal);

    /// <summary>Why a setting cannot be saved that somebody else has changed as well, by its name.</summary>
    public Dictionary<string, string> FindConflicts(ApplicationSettings now) =>
        Changed
            .Where(one =>
                Original.ContainsKey(one.Key)
                && SettingCatalog.Get(one.Key).Format(now) is var stored
                && stored != Original[one.Key]
                && stored != one.Value
            )
            .ToDictionary(
                one => one.Key,
                one => $"Somebody else changed this{Now(SettingCatalog.Get(one.Key), now)}. Save again to replace it with your value.",
                StringComparer.Ordinal
            );

    private static string Now(Setting setting, ApplicationSettings now) =>
        setting.Kind == SettingKind.Secret ? ""
        : setting.Format(now) is { Length: > 0 } stored ? $", to {stored}"
        : ", to nothing";
}
