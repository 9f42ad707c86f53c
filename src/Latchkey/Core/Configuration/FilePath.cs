using System.Text.RegularExpressions;

namespace Latchkey.Core.Configuration;

/// <summary>The path of a file or folder, as a setting or an argument gives it.</summary>
public static partial class FilePath
{
    private const string GivePath = "Give a path.";
    private const string Quotes = "\"'“”‘’„«»";

    /// <summary>The full path.</summary>
    /// <inheritdoc cref="Check"/>
    public static string Parse(string text, string what = "The name of a file or folder", string advice = GivePath) =>
        Path.GetFullPath(Check(text, what, advice));

    /// <summary>The path without spaces around it.</summary>
    /// <param name="text">The path as given.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="advice">What to give in place of an address, for the message.</param>
    /// <exception cref="InvalidSettingException">The text is empty, in quotes, or an address. As a file name it would create an empty
    /// installation or another file that nobody wants, and show a password that it may contain. So the message does not quote
    /// it.</exception>
    public static string Check(string text, string what, string advice = GivePath) => Check(text, what, advice, Address());

    /// <summary>The full path of a file to write. A colon may be in its name, as in <c>backup-12:30.zip</c>.</summary>
    /// <exception cref="InvalidSettingException">The text is empty, in quotes, a URL, or has a user and a password.</exception>
    public static string ParseOutput(string text) =>
        Path.GetFullPath(Check(text, "The name of a file or folder", GivePath, UrlOrPassword()));

    private static string Check(string text, string what, string advice, Regex address)
    {
        var path = text.Trim();
        return path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) ? throw new InvalidSettingException($"{what} is no path.")
            : IsQuote(path[0]) || IsQuote(path[^1])
                ? throw new InvalidSettingException($"{what} has quotes around it. Give it without quotes.")
            : address.IsMatch(path) ? throw new InvalidSettingException($"{what} holds an address where a file or folder belongs. {advice}")
            : path;
    }

    /// <summary>
    /// Whether quotes of a shell or a document were taken with the text. <c>"A" &lt;a@example.com&gt;</c> is not in quotes.
    /// </summary>
    public static bool IsInQuotes(string text) => text.Length > 0 && IsQuote(text[0]) && (IsQuote(text[^1]) || !text.Skip(1).Any(IsQuote));

    private static bool IsQuote(char c) => Quotes.Contains(c, StringComparison.Ordinal);

    [GeneratedRegex(@"://|^[^/\\]*:[^/\\]*@", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UrlOrPassword();

    /// <summary>
    /// A URL (a scheme has two letters or more, a Windows drive has one), user:password@host, a host with a port, an IP address, or a
    /// connection string.
    /// </summary>
    [GeneratedRegex(
        @"://|^[a-z][a-z0-9+.-]+:|^[^/\\]*:[^/\\]*@|^[^/\\:]+:[0-9]+(/|$)|^\[[^/\\]*\]|^[0-9]+(\.[0-9]+){3}(/|$)"
            + @"|^(host(addr| name)?|server|addr(ess)?|port|data ?source|filename|database|dbname|user( ?name| ?id)?|uid|password|pwd)\s*=",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Address();
}
