using System.Text.RegularExpressions;

namespace Latchkey.Tests.Harness;

/// <summary>
/// A document of the repository. Its fenced blocks are named after what they hold: <c>sh</c> for commands that a test runs in their order,
/// <c>console</c> for commands that no test can run.
/// </summary>
/// <param name="Name">Its path in the repository.</param>
public sealed partial record MarkdownDocument(string Name, string Text)
{
    /// <summary>Those that tell people what to do; the changelog and the decisions tell what was.</summary>
    public static IReadOnlyList<MarkdownDocument> All { get; } =
    [
        .. new[] { "", "docs", "bench" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, folder), "*.md"))
            .Select(file => Path.GetRelativePath(RepositoryPaths.Root, file))
            .Where(name => name != "CHANGELOG.md")
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>The languages of its fenced blocks; an empty one for none.</summary>
    public IEnumerable<string> Languages => Fenced().Matches(Text).Select(block => block.Groups["language"].Value);

    /// <summary>Code in its sentences and tables, each on one line.</summary>
    public IEnumerable<string> InlineCode =>
        Inline()
            .Matches(Fenced().Replace(Text, ""))
            .Select(code => code.Groups["code"].Value.Replace('\n', ' ').Replace("\\|", "|", StringComparison.Ordinal));

    /// <summary>Blocks without a fence, which no test would find.</summary>
    public IEnumerable<string> IndentedBlocks => Indented().Matches(Fenced().Replace(Text, "")).Select(block => block.Value);

    public static MarkdownDocument Read(string name) => new(name, File.ReadAllText(Path.Combine(RepositoryPaths.Root, name)));

    /// <summary>The texts of its fenced blocks of a language.</summary>
    public IEnumerable<string> Blocks(string language) =>
        Fenced().Matches(Text).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["text"].Value);

    [GeneratedRegex(
        "^```(?<language>[a-z]*)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Fenced();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inline();

    [GeneratedRegex("(?<=\n\n)    .+", RegexOptions.None, 1000)]
    private static partial Regex Indented();
}
