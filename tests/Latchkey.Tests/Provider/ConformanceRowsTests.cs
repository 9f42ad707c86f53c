using System.Reflection;
using System.Text.RegularExpressions;

namespace Latchkey.Tests.Provider;

/// <summary>
/// Each module of the certification suite and each row of the standards' checklists has a test whose name begins with its id, such as
/// <c>B_01_…</c> or <c>Row_21_06_…</c>. The ids are in conformance-rows.txt.
/// </summary>
public sealed partial class ConformanceRowsTests
{
    private static readonly IReadOnlySet<string> Rows = File.ReadLines(
            Path.Combine(RepositoryPaths.Root, "tests", "Latchkey.Tests", "Provider", "conformance-rows.txt")
        )
        .Where(line => !line.StartsWith('#'))
        .SelectMany(line => line.Split(' '))
        .ToHashSet(StringComparer.Ordinal);

    private static readonly IReadOnlyList<string> Tested =
    [
        .. typeof(ConformanceRowsTests)
            .Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Latchkey.Tests.Provider", StringComparison.Ordinal) == true)
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .Select(method => Id().Match(method.Name))
            .Where(match => match.Success)
            .Select(match => $"{match.Groups["list"].Value}-{match.Groups["row"].Value}"),
    ];

    [Fact]
    public void Each_row_has_a_test() => Rows.Except(Tested).ShouldBeEmpty();

    [Fact]
    public void Each_test_that_is_named_after_a_row_has_one() => Tested.Except(Rows).ShouldBeEmpty();

    [Fact]
    public void The_list_is_whole() => Rows.Count.ShouldBe(503);

    [GeneratedRegex(@"^(Row_(?<list>\d+)|(?<list>[A-Z]+))_(?<row>\d+)_", RegexOptions.ExplicitCapture)]
    private static partial Regex Id();
}
