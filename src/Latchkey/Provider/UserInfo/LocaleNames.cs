using System.Globalization;

namespace Latchkey.Provider.UserInfo;

/// <summary>Language tags in the case of RFC 5646 §2.1.1, as OpenID has them: <c>pt-BR</c>, <c>zh-Hant-TW</c>.</summary>
public static class LocaleNames
{
    /// <param name="tag">In any case.</param>
    public static string InUsualCase(string tag)
    {
        var parts = tag.ToLowerInvariant().Split('-');
        return string.Join('-', parts.Select((part, place) => place == 0 ? part : InUsualCase(part, parts[place - 1])));
    }

    private static string InUsualCase(string part, string before) =>
        before.Length == 1 ? part
        : part.Length == 2 ? part.ToUpperInvariant()
        : part.Length == 4 && char.IsAsciiLetter(part[0]) ? CultureInfo.InvariantCulture.TextInfo.ToTitleCase(part)
        : part;
}
