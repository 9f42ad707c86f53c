using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.RegularExpressions;

namespace Latchkey.Tests.Harness;

/// <summary>Command lines of the program in documents and messages, and whether the program accepts them.</summary>
public static partial class LatchkeyCommandLine
{
    /// <summary>A value for what a mention leaves out.</summary>
    private const string Something = "1";

    private static readonly RootCommand Root = Program.Commands();

    /// <summary>The arguments of each <c>latchkey …</c> in shell text, to the next pipe, redirection, comment or command.</summary>
    public static IEnumerable<string> InShell(string text) =>
        Shell()
            .Matches(text.Replace("\\\n", " ", StringComparison.Ordinal))
            .Select(line => Development().Replace(line.Groups["arguments"].Value.Trim(), "serve"));

    /// <summary>The arguments of each command that code in a sentence names, with or without <c>latchkey</c> before it.</summary>
    public static IEnumerable<string> InInlineCode(string code)
    {
        var words = code.Split(' ');
        var isGroup = Root.Subcommands.Any(command => command.Name == words[0] && command.Subcommands.Count > 0);
        return isGroup && words.Length > 1 ? [code] : InShell(code.Replace('|', '/'));
    }

    /// <summary>The names of commands after <c>latchkey</c> in prose: as many words as could be names.</summary>
    public static IEnumerable<string> InProse(string text) => Prose().Matches(text).Select(mention => mention.Groups["words"].Value);

    /// <summary>Why the program refuses a command line that somebody may type as it is.</summary>
    public static IEnumerable<string> Errors(string arguments) =>
        Root.Parse(Words(arguments)).Errors.Select(error => $"{arguments}: {error.Message}");

    /// <summary>
    /// Why the program refuses a mention: <c>app member add/remove</c> is two, <c>app key retire … --now</c> leaves something out, and so
    /// may one without arguments.
    /// </summary>
    public static IEnumerable<string> ErrorsOfMention(string arguments) =>
        Alternatives(Words(arguments)).SelectMany(words => Errors(Complete(words)));

    /// <summary>The word of a mention in prose that is no command.</summary>
    public static IEnumerable<string> ErrorsOfProse(string words)
    {
        Command at = Root;
        foreach (var word in words.Split(' '))
        {
            if (at.Subcommands.Count == 0)
            {
                break; // the sentence goes on
            }

            if (at.Subcommands.FirstOrDefault(command => command.Name == word) is not { } next)
            {
                yield return $"{words}: {word}";
                break;
            }

            at = next;
        }
    }

    private static IReadOnlyList<string> Words(string arguments) =>
        [.. Word().Matches(arguments).Select(word => Quotes().Replace(word.Value, ""))];

    private static IEnumerable<IReadOnlyList<string>> Alternatives(IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => Choice().IsMatch(word)) is { } choice
            ? choice.Split('/').Select(one => (IReadOnlyList<string>)[.. words.Select(word => word == choice ? one : word)])
            : [words];

    /// <summary>The mention with what the command requires and the mention leaves out.</summary>
    private static string Complete(IReadOnlyList<string> words)
    {
        var given = words.Where(word => word != "…").ToList();
        var parsed = Root.Parse(given).CommandResult;
        if (parsed.Command.Subcommands.Count > 0 && parsed.Tokens.Count == 0)
        {
            return string.Join(' ', [.. given, "--help"]); // a group of commands
        }

        var isBare = parsed.Tokens.Count == 0;
        return string.Join(
            ' ',
            [
                .. given,
                .. isBare
                    ? parsed.Command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0).Select(_ => Something)
                    : [],
                .. parsed
                    .Command.Options.Where(option => option.Required && isBare && !given.Contains(option.Name))
                    .SelectMany(option =>
                        new[] { option.Name, option.GetCompletions(CompletionContext.Empty).FirstOrDefault()?.Label ?? Something }
                    ),
            ]
        );
    }

    [GeneratedRegex(
        """(?<![\w/.-])(\./|/app/)?latchkey (?<arguments>[a-z]('[^']*'|\$\([^)]*\)|"[^"]*"|[^'"|<>;&)#\n])*)""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Shell();

    [GeneratedRegex(@"(?<![\w/.-])latchkey (?<words>[a-z][a-z-]*( [a-z][a-z-]*)*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Prose();

    [GeneratedRegex("""('[^']*'|"[^"]*"|\$\([^)]*\)|[^\s'"])+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();

    /// <summary><c>./latchkey dev</c>, whose options are those of serve.</summary>
    [GeneratedRegex("^dev\\b", RegexOptions.None, 1000)]
    private static partial Regex Development();

    [GeneratedRegex("""['"]""", RegexOptions.None, 1000)]
    private static partial Regex Quotes();

    [GeneratedRegex("^[a-z-]+(/[a-z-]+)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Choice();
}
