using System.Text.RegularExpressions;

namespace Latchkey.Storage;

/// <summary>A list of media types that an application allows, with <c>*</c> for all subtypes: <c>image/*,application/pdf</c>.</summary>
/// <param name="Text">The list in its stored form; empty for all types.</param>
public sealed partial record ContentTypes(string Text)
{
    private const int MaxLength = 1000;

    /// <summary>Null if a part of the list is no media type.</summary>
    public static ContentTypes? Parse(string text)
    {
        var parts = text.ToLowerInvariant().Split([',', ' ', '\n', '\r', ';'], StringSplitOptions.RemoveEmptyEntries);
        return text.Length <= MaxLength && parts.All(part => part == "*/*" || Pattern().IsMatch(part))
            ? new(parts.Contains("*/*", StringComparer.Ordinal) ? "" : string.Join(',', parts.Distinct(StringComparer.Ordinal)))
            : null;
    }

    /// <summary>A type as an app sent it, in small letters; null if it is none. Parameters such as charset are not taken.</summary>
    public static string? ParseOne(string text) =>
        text.Trim().ToLowerInvariant() is { Length: <= 100 } type
        && Pattern().IsMatch(type)
        && !type.Contains('*', StringComparison.Ordinal)
            ? type
            : null;

    public bool Allow(string type) =>
        Text.Length == 0
        || Text.Split(',')
            .Any(allowed =>
                allowed.EndsWith("/*", StringComparison.Ordinal)
                    ? type.StartsWith(allowed[..^1], StringComparison.Ordinal)
                    : type == allowed
            );

    /// <summary>RFC 6838, section 4.2.</summary>
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9!#$&^_.+-]*/(\*|[a-z0-9][a-z0-9!#$&^_.+-]*)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
