using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Settings;

/// <summary>
/// When a setting applies, as text that <c>settings.js</c> reads too: <c>signupFlow=link</c>; values with commas, all of several with
/// semicolons, one of several with bars. It names settings of the same page only.
/// </summary>
public static class SettingCondition
{
    /// <param name="value">The value of a setting.</param>
    public static bool IsMet(string when, Func<string, string> value) =>
        when.Length == 0
        || when.Split('|')
            .Any(all =>
                all.Split(';').All(one => Parse(one) is var (name, values) && values.Contains(value(name), StringComparer.Ordinal))
            );

    /// <summary>The parts that are explained separately.</summary>
    public static IReadOnlyList<string> Parts(string when) =>
        when.Length == 0 ? []
        : when.Contains('|', StringComparison.Ordinal) ? [when]
        : when.Split(';');

    /// <summary>The settings that decide.</summary>
    public static IEnumerable<string> Names(string when) =>
        when.Split(['|', ';'], StringSplitOptions.RemoveEmptyEntries).Select(one => Parse(one).Name);

    /// <summary>A part in words, such as “Signup flow” is “Link”.</summary>
    public static string Describe(string part, Func<string, SettingLine> line) =>
        string.Join(
            " or ",
            part.Split('|')
                .Select(one =>
                {
                    var (name, values) = Parse(one);
                    var setting = line(name);
                    return $"“{setting.Label}” is {string.Join(" or ", values.Select(value => ValueText(setting, value)))}";
                })
        );

    private static string ValueText(SettingLine line, string value) =>
        SettingCatalog.Get(line.Name).Kind == SettingKind.Switch
            ? value == "1"
                ? "on"
                : "off"
            : $"“{line.Choices?.FirstOrDefault(choice => choice.Value == value)?.Label ?? value}”";

    private static (string Name, string[] Values) Parse(string one) =>
        one.Split('=') is [var name, var values] ? (name, values.Split(',')) : throw new FormatException($"{one} is not a condition");
}
