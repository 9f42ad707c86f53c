namespace Latchkey.Cli;

/// <summary>Arguments such as <c>signupFlow=none</c>.</summary>
internal static class NameValuePairs
{
    /// <summary>The values by name; null when an argument is no pair, or a name comes twice.</summary>
    public static Dictionary<string, string>? Parse(IEnumerable<string> arguments)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var split = argument.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0 || !pairs.TryAdd(argument[..split], argument[(split + 1)..]))
            {
                return null;
            }
        }

        return pairs;
    }
}
