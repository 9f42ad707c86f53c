namespace Latchkey.Applications.Settings;

public enum SettingKind
{
    Switch,
    Number,
    Choice,
    Text,
    Secret,
    Fields,
    Locales,
}
