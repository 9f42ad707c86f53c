using System.CommandLine;
using System.Text.RegularExpressions;

namespace Latchkey.Tests.Harness;

/// <summary>The commands that a guide mentions, and whether the program has them.</summary>
public static partial class GuideCommands
{
    public static IReadOnlyList<string> Mentions(string guide) =>
        [.. MentionPattern().Matches(guide).Select(mention => mention.Groups["arguments"].Value)];

    /// <summary>Commands and options of the guide that the program does not have.</summary>
    public static IEnumerable<string> Unknown(string guide) => Mentions(guide).SelectMany(UnknownWords);

    /// <summary>The words of a mention that no command knows; what comes after … is the reader's.</summary>
    private static IEnumerable<string> UnknownWords(string mention)
    {
        Command at = Program.Commands();
        foreach (var word in mention.Split('…')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var alternatives = word.Split('|');
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                if (!OptionsOf(at).Contains(word))
                {
                    yield return $"{mention}: {word}";
                }
            }
            else if (at.Subcommands.FirstOrDefault(command => command.Name == alternatives[0]) is { } next)
            {
                foreach (var missing in alternatives.Where(name => at.Subcommands.All(command => command.Name != name)))
                {
                    yield return $"{mention}: {missing}";
                }

                at = next;
            }
            else if (at.Subcommands.Count > 0)
            {
                yield return $"{mention}: {word}";
            }
        }
    }

    private static IEnumerable<string> OptionsOf(Command command) =>
        command
            .Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
            .Select(option => option.Name)
            .Concat(["--data", "--database"]);

    [GeneratedRegex(
        "`(latchkey )(?<arguments>[^`]+)`|`(?<arguments>app [^`]+)`|^latchkey (?<arguments>.+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex MentionPattern();
}
