using System.Globalization;
using System.Text.RegularExpressions;

namespace Latchkey.Tests;

/// <summary>docs/security.md names a test for every attack and every fault, and each that it names exists.</summary>
public sealed partial class SecurityDocumentTests
{
    private const int Rows = 155;

    /// <summary>Attacks that are known and not yet withstood; the list may only get shorter.</summary>
    private static readonly int[] Open = [];
    private const string InBrowser = "BrowserTests.";

    /// <summary>The last requirement of levels 1 and 2 in each section of ASVS 5.0.0; 6.7 has none.</summary>
    private static readonly (string Section, int Requirements)[] Asvs =
    [
        ("6.1", 3),
        ("6.2", 12),
        ("6.3", 4),
        ("6.4", 4),
        ("6.5", 5),
        ("6.6", 3),
        ("6.8", 4),
        ("7.1", 3),
        ("7.2", 4),
        ("7.3", 2),
        ("7.4", 5),
        ("7.5", 2),
        ("7.6", 2),
    ];

    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "security.md"));

    [Fact]
    public void Every_row_names_a_test()
    {
        var rows = Table()
            .Matches(Text)
            .Select(row =>
                (Number: int.Parse(row.Groups["number"].Value, CultureInfo.InvariantCulture), Tests: Named(row.Groups["tests"].Value))
            )
            .ToList();
        rows.Select(row => row.Number).ShouldBe(Enumerable.Range(1, Rows).Except(Open));
        rows.Where(row => row.Tests.Count == 0).Select(row => row.Number).ShouldBeEmpty();
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var named = Table().Matches(Text).SelectMany(row => Named(row.Groups["tests"].Value)).Distinct().ToList();
        named.Count.ShouldBeGreaterThan(60);
        named.Where(name => !Exists(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_requirement_of_ASVS_has_a_test_or_a_reason()
    {
        var rows = AsvsTable()
            .Matches(Text)
            .Select(row => (Number: row.Groups["number"].Value, Answer: row.Groups["answer"].Value))
            .ToList();
        rows.Select(row => row.Number)
            .ShouldBe(Asvs.SelectMany(section => Enumerable.Range(1, section.Requirements).Select(i => $"{section.Section}.{i}")));
        rows.ShouldAllBe(row => row.Answer.Trim().Length > 0);
        var named = rows.SelectMany(row => Named(row.Answer)).Where(code => code.Contains('.')).Distinct().ToList();
        named.Count.ShouldBeGreaterThan(40);
        named.Where(name => !Exists(name)).ShouldBeEmpty();
    }

    private static List<string> Named(string cell) => [.. Code().Matches(cell).Select(code => code.Groups["code"].Value)];

    private static bool Exists(string name) =>
        name.StartsWith(InBrowser, StringComparison.Ordinal)
            ? ExistsInBrowser(name[InBrowser.Length..].Split('.'))
            : ExistsHere(name.Split('.'));

    private static bool ExistsHere(string[] name) =>
        typeof(SecurityDocumentTests).Assembly.GetType($"Latchkey.Tests.{string.Join('.', name[..^1])}")?.GetMethod(name[^1]) is { } method
        && method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0;

    /// <summary>The browser's tests are another program; their source is at hand.</summary>
    private static bool ExistsInBrowser(string[] name) =>
        Path.Combine(RepositoryPaths.Root, "tests", "Latchkey.BrowserTests", $"{name[0]}.cs") is var file
        && File.Exists(file)
        && File.ReadAllText(file).Contains($"public async Task {name[1]}()", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^\| (?<number>[0-9]+) \|[^|\n]+\|(?<tests>[^|\n]*)\|[^|\n]*\|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Table();

    [GeneratedRegex(
        @"^\| (?<number>[67]\.[0-9]\.[0-9]+) \|[^|\n]+\|(?<answer>[^|\n]*)\|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex AsvsTable();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
