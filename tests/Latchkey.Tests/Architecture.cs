using System.Text.RegularExpressions;

namespace Latchkey.Tests;

/// <summary>The shape of the house: no circles between features, and files that can be read in one sitting.</summary>
public sealed partial class Architecture
{
    private static readonly string Source = Path.Combine(Repository.Root, "src", "Latchkey");

    private static readonly IReadOnlyList<string> Files = [.. Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories).Where(file => !Generated().IsMatch(file))];

    [Fact]
    public void Folders_depend_on_each_other_without_a_circle()
    {
        var left = Dependencies();
        while (left.Where(folder => folder.Value.Count == 0).Select(folder => folder.Key).ToList() is { Count: > 0 } free)
        {
            free.ForEach(folder => left.Remove(folder));
            foreach (var needed in left.Values)
            {
                needed.ExceptWith(free);
            }
        }

        left.Select(folder => $"{folder.Key} -> {string.Join(", ", folder.Value.Order())}").ShouldBeEmpty();
    }

    [Fact]
    public void Half_the_files_are_below_60_lines_and_nine_of_ten_below_150()
    {
        var lengths = Files.Select(file => File.ReadLines(file).Count()).Order().ToList();
        lengths[lengths.Count / 2].ShouldBeLessThanOrEqualTo(60);
        lengths[lengths.Count * 9 / 10].ShouldBeLessThan(150);
    }

    /// <summary>Which folders each folder names, in a using or in full. Files at the root may know everything.</summary>
    private static Dictionary<string, HashSet<string>> Dependencies()
    {
        var folders = Directory.EnumerateDirectories(Source).Select(folder => Path.GetFileName(folder)!).ToHashSet();
        var dependencies = Files.Where(file => Path.GetDirectoryName(file) != Source)
            .GroupBy(FolderOf)
            .ToDictionary(group => group.Key, group => group.SelectMany(file => Named(File.ReadAllText(file))).Where(folders.Contains).Where(folder => folder != group.Key).ToHashSet());
        return dependencies;
    }

    private static string FolderOf(string file) => Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar)[0];

    private static IEnumerable<string> Named(string text) => Namespaces().Matches(text).Select(match => match.Groups["folder"].Value);

    [GeneratedRegex(@"(?<!namespace )\bLatchkey\.(?<folder>[A-Z][A-Za-z]+)\b")]
    private static partial Regex Namespaces();

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex Generated();
}
