using System.Text.RegularExpressions;

namespace Latchkey.Core;

/// <summary>
/// Language tags (BCP 47, RFC 5646 §2.1): <c>EN</c>, <c>PT-BR</c>, <c>ES-419</c>, <c>ZH-HANT-TW</c>. Written in upper case, as the
/// contract has locales.
/// </summary>
public static partial class LanguageTag
{
    private const int MaxLength = 35; // RFC 5646 §4.4.1
    private const string Latin = "LATN";
    private const string Traditional = "HANT";

    /// <summary>The scripts that languages are written in when a tag names none; Latin for all others.</summary>
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["AR"] = "ARAB",
        ["CKB"] = "ARAB",
        ["DV"] = "THAA",
        ["FA"] = "ARAB",
        ["HE"] = "HEBR",
        ["JA"] = "JPAN",
        ["KO"] = "KORE",
        ["PS"] = "ARAB",
        ["SD"] = "ARAB",
        ["UG"] = "ARAB",
        ["UR"] = "ARAB",
        ["YI"] = "HEBR",
        ["ZH"] = "HANS",
    };

    /// <summary>The tag in upper case with hyphens; null when it is none. Programs often write underscores.</summary>
    public static string? Canonicalize(string text) =>
        text.Trim().Replace('_', '-').ToUpperInvariant() is { Length: <= MaxLength } tag && Syntax().IsMatch(tag) ? tag : null;

    /// <summary>The language of a canonical tag: <c>ZH</c> of <c>ZH-TW</c>.</summary>
    public static string Language(string tag) => tag.Split('-')[0];

    /// <summary>The script of a canonical tag (ISO 15924): as it says, else as its language and region are written.</summary>
    public static string Script(string tag)
    {
        var parts = Syntax().Match(tag);
        return parts.Groups["script"] is { Success: true, Value: var script } ? script
            : Language(tag) == "ZH" && parts.Groups["region"].Value is "TW" or "HK" or "MO" ? Traditional
            : Scripts.GetValueOrDefault(Language(tag), Latin);
    }

    public static bool IsRightToLeft(string tag) => Script(tag) is "ARAB" or "HEBR" or "THAA" or "SYRC" or "NKOO" or "ADLM" or "ROHG";

    [GeneratedRegex(
        "^[A-Z]{2,8}(-[A-Z]{3}){0,3}(-(?<script>[A-Z]{4}))?(-(?<region>[A-Z]{2}|[0-9]{3}))?(-([A-Z0-9]{5,8}|[0-9][A-Z0-9]{3}))*"
            + "(-[A-WYZ0-9](-[A-Z0-9]{2,8})+)*(-X(-[A-Z0-9]{1,8})+)?\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Syntax();
}
