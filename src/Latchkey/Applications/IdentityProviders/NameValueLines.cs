namespace Latchkey.Applications.IdentityProviders;

/// <summary>Short lists of names and values, as people write them: a line of <c>name=value</c> for each.</summary>
public static class NameValueLines
{
    /// <summary>The values by name; lines without a name or a value are left out, and the last line of a name counts.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string lines)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && line[(equals + 1)..].Trim() is { Length: > 0 } value)
            {
                values[line[..equals].Trim()] = value;
            }
        }

        return values;
    }

    public static string Write(IEnumerable<KeyValuePair<string, string>> values) =>
        string.Join('\n', values.Where(value => value.Value.Length > 0).Select(value => $"{value.Key}={value.Value}"));
}
