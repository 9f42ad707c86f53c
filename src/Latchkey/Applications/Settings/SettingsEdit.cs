namespace Latchkey.Applications.Settings;

/// <summary>
/// A submitted settings form with original and submitted values. Only fields that differ are changed, so that a form that stayed open
/// does not revert a colleague's change.
/// </summary>
/// <param name="Original">The values when the form was opened (<see cref="Setting.Format"/>), by setting name. A setting that is
/// missing counts as changed.</param>
/// <param name="Submitted">The submitted values.</param>
public sealed record SettingsEdit(IReadOnlyDictionary<string, string> Original, IReadOnlyDictionary<string, string> Submitted)
{
    public Dictionary<string, string> Changed { get; } =
        Submitted.Where(one => Original.GetValueOrDefault(one.Key) != one.Value).ToDictionary(StringComparer.Ordinal);

    /// <summary>Settings that someone else has changed as well, by name, with a message.</summary>
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
