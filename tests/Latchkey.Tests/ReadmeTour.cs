using System.Text.RegularExpressions;

namespace Latchkey.Tests;

/// <summary>The tour of the README: the commands that a newcomer types, in their order.</summary>
public static partial class ReadmeTour
{
    private const string Written = "http://127.0.0.1:5400";
    private const string Token = "…";

    private static readonly MarkdownDocument Readme = MarkdownDocument.Read("README.md");

    /// <summary>The command that starts the server, which stays running.</summary>
    public static string Start => Readme.Blocks("sh").First().Trim();

    /// <summary>The start of the line that the server prints with the set-up link, to the token.</summary>
    public static string SetupLine => Readme.Blocks("text").First().Trim().TrimEnd(Token[0]);

    /// <summary>All later commands, for a server at this address.</summary>
    public static string Commands(string address)
    {
        var commands = string.Join('\n', Readme.Blocks("sh").Skip(1));
        commands.ShouldContain(Written);
        return commands.Replace(Written, address, StringComparison.Ordinal);
    }

    /// <summary>The Python that verifies a JWT; its arguments are the issuer and the JWT.</summary>
    public static string Python => Heredoc().Match(Readme.Text).Groups["code"].Value;

    /// <summary>What the commands print, wherever they run.</summary>
    public static void ShouldHaveSucceeded(string printed)
    {
        printed.ShouldContain("\"CosyncJWTVersion\"");
        printed.ShouldContain("is your code for Demo");
        printed.ShouldContain("\"handle\": \"carl@example.com\"");
        printed.ShouldContain("Verified OK");
        printed.ShouldContain("'sub': 'carl@example.com'");
        printed.ShouldContain("user_data.name");
    }

    [GeneratedRegex(
        "<<'PYTHON'\n(?<code>.*?)^PYTHON$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Heredoc();
}
