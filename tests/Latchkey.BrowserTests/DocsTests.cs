using System.Text.RegularExpressions;

namespace Latchkey.BrowserTests;

public sealed partial class DocsTests
{
    private static readonly string Docs = Path.Combine(LatchkeyServer.Root, "docs");

    [Fact]
    public async Task every_page_stands_in_the_table_and_nothing_else_does()
    {
        var pages = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(LatchkeyServer.Root, "src"), "*.razor", SearchOption.AllDirectories))
        {
            pages.AddRange(Address().Matches(await File.ReadAllTextAsync(file)).Select(match => match.Groups["what"].Value));
        }

        var table = Row()
            .Matches(await File.ReadAllTextAsync(Path.Combine(Docs, "portal.md")))
            .Select(match => match.Groups["what"].Value)
            .ToList();
        pages.Count.ShouldBeGreaterThan(50);
        table.Order(StringComparer.Ordinal).ShouldBe(pages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task every_picture_that_is_named_is_there()
    {
        var pictures = Picture()
            .Matches(await File.ReadAllTextAsync(Path.Combine(Docs, "portal.md")))
            .Select(match => match.Groups["what"].Value)
            .ToList();
        pictures.Count.ShouldBeGreaterThan(30);
        pictures.Where(picture => !File.Exists(Path.Combine(Docs, picture))).ShouldBeEmpty();
    }

    [GeneratedRegex("""^@page "(?<what>[^"]+)"\s*$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();

    [GeneratedRegex("""^\| [^|]+ \| `(?<what>[^`]+)` \|""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("""\]\((?<what>portal/[a-z-]+\.jpg)\)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Picture();
}
