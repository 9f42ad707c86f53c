using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>A setting: its name, description, and how its text is parsed and formatted.</summary>
public sealed record Setting(
    string Name,
    string Meaning,
    SettingKind Kind,
    Func<ApplicationSettings, string> Format,
    Func<ApplicationSettings, string, Result<ApplicationSettings>> Set
)
{
    /// <summary>The allowed values of a choice; otherwise empty.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>
    /// The settings that a secret belongs to. When one of them changes, the stored secret is deleted unless it is set again.
    /// </summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    public static Setting Switch(
        string name,
        string meaning,
        Func<ApplicationSettings, bool> get,
        Func<ApplicationSettings, bool, ApplicationSettings> set
    ) =>
        new(
            name,
            meaning,
            SettingKind.Switch,
            s => get(s) ? "1" : "0",
            (s, text) =>
                text.Trim().ToLowerInvariant() switch
                {
                    "1" or "true" or "on" => set(s, true),
                    "0" or "false" or "off" => set(s, false),
                    _ => Invalid($"{name} is 1 or 0."),
                }
        );

    public static Setting Number(
        string name,
        string meaning,
        int min,
        int max,
        Func<ApplicationSettings, int> get,
        Func<ApplicationSettings, int, ApplicationSettings> set
    ) =>
        new(
            name,
            meaning,
            SettingKind.Number,
            s => get(s).ToString(CultureInfo.InvariantCulture),
            (s, text) =>
                int.TryParse(
                    text,
                    NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                && number >= min
                && number <= max
                    ? set(s, number)
                    : Invalid($"{name} must be a whole number from {min} to {max}.")
        );

    /// <summary>A time in minutes, written in hours where that is whole: 24, 90m.</summary>
    public static Setting HoursOrMinutes(
        string name,
        string meaning,
        int maxHours,
        Func<ApplicationSettings, int> minutes,
        Func<ApplicationSettings, int, ApplicationSettings> set
    ) =>
        new(
            name,
            meaning,
            SettingKind.Hours,
            s => FormatHours(minutes(s)),
            (s, text) =>
                ParseHours(text.Trim()) is { } parsed && parsed >= 1 && parsed <= maxHours * 60L
                    ? set(s, (int)parsed)
                    : Invalid($"{name} must be hours from 1 to {maxHours}, or minutes with an m, such as 24 or 90m.")
        );

    private static string FormatHours(int minutes) =>
        minutes % 60 == 0
            ? (minutes / 60).ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{minutes}m");

    private static long? ParseHours(string text)
    {
        var (digits, unit) = text.EndsWith('m') ? (text[..^1], 1) : (text, 60);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number * (long)unit : null;
    }

    /// <summary>A choice of an enum's members, by name.</summary>
    public static Setting Choice<T>(
        string name,
        string meaning,
        Func<ApplicationSettings, T> get,
        Func<ApplicationSettings, T, ApplicationSettings> set
    )
        where T : struct, Enum =>
        new(
            name,
            meaning,
            SettingKind.Choice,
            s => get(s).ToName(),
            (s, text) =>
                EnumNames.TryParse<T>(text.Trim(), out var chosen)
                    ? set(s, chosen)
                    : Invalid($"{name} must be one of {string.Join(", ", EnumNames.All<T>())}.")
        )
        {
            Choices = EnumNames.All<T>(),
        };

    public static Setting Text(
        string name,
        string meaning,
        int maxLength,
        Func<ApplicationSettings, string> get,
        Func<ApplicationSettings, string, ApplicationSettings> set
    ) =>
        new(
            name,
            meaning,
            SettingKind.Text,
            get,
            (s, text) =>
                text.Trim().Length <= maxLength && Field.IsStorable(text) && !text.Any(char.IsControl)
                    ? set(s, text.Trim())
                    : Invalid($"{name} can have at most {maxLength} characters on one line.")
        );

    /// <summary>A secret text, stored encrypted and never shown again. The setter takes the encrypted form.</summary>
    public static Setting Secret(
        string name,
        string meaning,
        Func<ApplicationSettings, string> get,
        Func<ApplicationSettings, string, ApplicationSettings> set
    ) => new(name, meaning, SettingKind.Secret, s => get(s).Length == 0 ? "" : "(set)", (s, text) => set(s, text));

    internal static Error Invalid(string message) => ErrorCodes.InvalidData with { Message = message };
}
