using System.Globalization;
using System.Text.Json;

namespace Latchkey.Tests.Contract;

/// <summary>Compares an answer with a recorded one, in which <c>&lt;…&gt;</c> stands for a value that varies.</summary>
public static class JsonShape
{
    /// <summary>The first difference as a sentence; null when there is none.</summary>
    public static string? Difference(
        JsonElement expected,
        JsonElement actual,
        IReadOnlyDictionary<string, string> bound,
        bool subset = false,
        string at = "$"
    )
    {
        if (expected.ValueKind == JsonValueKind.Object)
        {
            return actual.ValueKind == JsonValueKind.Object
                ? OfObjects(expected, actual, bound, subset, at)
                : $"{at} is not an object but {actual}";
        }

        if (expected.ValueKind == JsonValueKind.String && expected.GetString() is ['<', .., '>'] placeholder)
        {
            return OfPlaceholder(placeholder, actual, bound) ? null : $"{at} is {actual} and does not fit {placeholder}";
        }

        return JsonElement.DeepEquals(expected, actual) ? null : $"{at} is {actual} and not {expected}";
    }

    private static string? OfObjects(
        JsonElement expected,
        JsonElement actual,
        IReadOnlyDictionary<string, string> bound,
        bool subset,
        string at
    )
    {
        foreach (var property in expected.EnumerateObject())
        {
            if (!actual.TryGetProperty(property.Name, out var value))
            {
                return $"{at}.{property.Name} is missing";
            }

            if (Difference(property.Value, value, bound, subset, $"{at}.{property.Name}") is { } difference)
            {
                return difference;
            }
        }

        var extra = actual.EnumerateObject().Where(p => !expected.TryGetProperty(p.Name, out _)).Select(p => p.Name).FirstOrDefault();
        return subset || extra is null ? null : $"{at}.{extra} is not expected";
    }

    private static bool OfPlaceholder(string placeholder, JsonElement actual, IReadOnlyDictionary<string, string> bound) =>
        placeholder switch
        {
            "<unix>" => actual.ValueKind == JsonValueKind.Number && actual.TryGetInt64(out _),
            "<iso-ms-Z>" => DateTimeOffset.TryParseExact(
                actual.GetString(),
                "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out _
            ),
            "<base32 secret, 8 groups of 4>" => actual.GetString()?.Split(' ') is { Length: 8 } groups
                && groups.All(group => group.Length == 4 && group.All(c => c is (>= 'A' and <= 'Z') or (>= '2' and <= '7'))),
            "<data:image/png;base64>" => actual.GetString()?.StartsWith("data:image/png;base64,iVBORw0KGgo", StringComparison.Ordinal)
                == true,
            "<jwt>" or "<access-token>" or "<signed-user-token>" or "<login-token>" => actual.GetString()?.Split('.').Length == 3,
            _ => bound.TryGetValue(placeholder, out var value) && actual.GetString() == value,
        };
}
