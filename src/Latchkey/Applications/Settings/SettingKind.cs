namespace Latchkey.Applications.Settings;

public enum SettingKind
{
    Switch,
    Number,

    /// <summary>Hours as a number, or minutes with an m: 24, 90m.</summary>
    Hours,
    Choice,
    Text,
    Secret,
    Fields,
    Locales,
}
