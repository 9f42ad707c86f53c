using System.Text.RegularExpressions;
using Latchkey.Applications.Settings;
using Latchkey.Tests.Users.Passkeys;

namespace Latchkey.Tests;

/// <summary>docs/passkeys.md: every step of the specification has tests that exist, and the vectors have the results that are given.</summary>
public sealed partial class PasskeyGuideTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "passkeys.md"));

    [Theory]
    [InlineData("### Registration (§7.1)", 29)]
    [InlineData("### Sign-in (§7.2)", 25)]
    public void Every_step_stands_in_the_list_once(string section, int steps) =>
        Step().Matches(Section(section)).SelectMany(StepsOf).ShouldBe(Enumerable.Range(1, steps));

    [Theory]
    [InlineData("### Registration (§7.1)")]
    [InlineData("### Sign-in (§7.2)")]
    public void Every_step_names_tests_that_exist(string section)
    {
        foreach (Match step in Step().Matches(Section(section)))
        {
            var tests = Name().Matches(step.Groups["tests"].Value).Select(name => name.Groups["name"].Value).ToList();
            tests.ShouldNotBeEmpty(step.Value);
            tests.Where(test => !IsTest(test)).ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_vectors_have_the_results_of_the_table() =>
        Section("### Test vectors")
            .Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ShouldBe(VectorResult.Expected.Select(result => result.ToRow()));

    [Fact]
    public void The_settings_are_those_of_the_catalog()
    {
        var named = Name().Matches(Section("## Settings")).Select(name => name.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        SettingCatalog
            .All.Select(setting => setting.Name)
            .Where(name => name.StartsWith("passkey", StringComparison.Ordinal))
            .ShouldBeSubsetOf(named);
    }

    private static string Section(string heading)
    {
        var start = Text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, heading);
        var rest = Text[(start + heading.Length + 2)..];
        return NextHeading().Match(rest) is { Success: true } next ? rest[..next.Index] : rest;
    }

    private static IEnumerable<int> StepsOf(Match step)
    {
        var first = int.Parse(step.Groups["first"].Value);
        var last = step.Groups["last"] is { Success: true } to ? int.Parse(to.Value) : first;
        return Enumerable.Range(first, last - first + 1);
    }

    private static bool IsTest(string name) =>
        typeof(PasskeyGuideTests)
            .Assembly.GetType($"Latchkey.Tests.{name[..name.LastIndexOf('.')]}")
            ?.GetMethod(name[(name.LastIndexOf('.') + 1)..])
            ?.GetCustomAttributes(typeof(FactAttribute), inherit: true)
            .Length > 0;

    [GeneratedRegex(
        @"^\| (?<first>[0-9]+)(–(?<last>[0-9]+))? \|[^|\n]+\|[^|\n]+\|(?<tests>[^|\n]*)\|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Step();

    [GeneratedRegex("`(?<name>[^`\n]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^##+ ", RegexOptions.Multiline, 1000)]
    private static partial Regex NextHeading();
}
