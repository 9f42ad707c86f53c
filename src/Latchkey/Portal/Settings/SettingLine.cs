namespace Latchkey.Portal.Settings;

/// <summary>How the portal words a setting.</summary>
/// <param name="Choices">The wording of each value, for a setting that is one of a few.</param>
/// <param name="Warning">What a change brings about, said beside the setting.</param>
/// <param name="WarnWhen">Which change it is about; others hide it where there are scripts.</param>
/// <param name="When">Shown only under this <see cref="SettingCondition"/>; empty for always.</param>
public sealed record SettingLine(
    string Name,
    string Label,
    string Meaning,
    IReadOnlyList<Choice>? Choices = null,
    string? Warning = null,
    WarnWhen WarnWhen = WarnWhen.Always,
    string When = ""
);
