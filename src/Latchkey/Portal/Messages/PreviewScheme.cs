using System.Text.RegularExpressions;

namespace Latchkey.Portal.Messages;

/// <summary>Shows a mail or page as a device in light or in dark mode does, whatever the viewer's own device is set to.</summary>
public static partial class PreviewScheme
{
    public const string Field = "scheme";
    public const string Dark = "dark";

    /// <summary>Whether the HTML has rules for dark mode.</summary>
    public static bool HasDarkRules(string html) => SchemeQuery().Match(html) is { Success: true };

    /// <param name="scheme"><see cref="Dark"/>; anything else is light.</param>
    public static string Apply(string html, string scheme)
    {
        var shown = SchemeQuery().Replace(html, query => query.Groups["scheme"].Value == scheme ? "(min-width: 0)" : "(max-width: 0)");
        // Otherwise the colours of what has none of its own would follow the viewer's device.
        return SchemeDeclaration().IsMatch(html) ? $"{shown}<style>:root{{color-scheme:only {scheme}}}</style>" : shown;
    }

    /// <summary>The scheme that a form or an address asks for.</summary>
    public static string Read(string text) => text == Dark ? Dark : "light";

    [GeneratedRegex(@"\(\s*prefers-color-scheme\s*:\s*(?<scheme>light|dark)\s*\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SchemeQuery();

    /// <summary>A meta element or a property that says which schemes the text is made for.</summary>
    [GeneratedRegex(@"color-scheme""?\s+content\s*=|[\s;{]color-scheme\s*:", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SchemeDeclaration();
}
