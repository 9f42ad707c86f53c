namespace Latchkey.Portal.Applications;

/// <summary>How the portal words a setting.</summary>
/// <param name="Choices">The wording of each value, for a setting that is one of a few.</param>
/// <param name="Warning">Shown beside the setting, always.</param>
public sealed record SettingLine(string Name, string Label, string Meaning, IReadOnlyList<Choice>? Choices = null, string? Warning = null);
