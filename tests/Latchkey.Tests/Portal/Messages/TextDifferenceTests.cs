using Latchkey.Portal.Messages;

namespace Latchkey.Tests.Portal.Messages;

/// <summary>The comparison of two texts, as people read it.</summary>
public sealed class TextDifferenceTests
{
    [Fact]
    public void Changed_lines_are_shown_with_their_changed_words()
    {
        Show("<p>Hello you</p>\n<p>Same</p>", "<p>Hello there</p>\n<p>Same</p>")
            .ShouldBe(["- <p>Hello [you]</p>", "+ <p>Hello [there]</p>", "  <p>Same</p>"]);
        Show("a\nb", "a\nx\nb").ShouldBe(["  a", "+ x", "  b"]);
        Show("a\nx\nb", "a\nb").ShouldBe(["  a", "- x", "  b"]);
        Show("same", "same").ShouldBe(["  same"]);
        Show("  indented", "indented").Length.ShouldBe(2); // blanks count
    }

    [Fact]
    public void Equal_lines_far_from_others_are_folded()
    {
        var lines = Enumerable.Range(1, 20).Select(i => $"line {i}").ToList();
        var before = string.Join('\n', lines);
        lines[9] = "changed";
        Show(before, string.Join('\n', lines))
            .ShouldBe([
                "= 7 equal lines",
                "  line 8",
                "  line 9",
                "- [line 10]",
                "+ [changed]",
                "  line 11",
                "  line 12",
                "= 8 equal lines",
            ]);
    }

    [Fact]
    public void All_words_of_both_texts_are_there()
    {
        const string before = "<a href=\"%LINK%\">Go; now (please), 50%</a>\n\n&amp; x\ty";
        const string after = "<a href='%LINK%' class=b>Go now please</a>\n&amp;\n x y\n";
        var lines = TextDifference.Compare(before, after)!;
        string Of(DifferenceKind kind) =>
            string.Join('\n', lines.Where(line => line.Kind == kind || line.Kind == DifferenceKind.Equal).Select(Text));
        Of(DifferenceKind.Removed).ShouldBe(before);
        Of(DifferenceKind.Added).ShouldBe(after);
    }

    [Fact]
    public void Texts_of_too_many_lines_are_not_compared()
    {
        TextDifference.Compare(new string('\n', TextDifference.MaxLines), "").ShouldBeNull();
        TextDifference.Compare("", new string('\n', TextDifference.MaxLines)).ShouldBeNull();
        TextDifference.Compare(new string('\n', TextDifference.MaxLines - 1), "").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("@media (prefers-color-scheme: dark) { p { color: #fff } }", "dark", "@media (min-width: 0) { p { color: #fff } }")]
    [InlineData("@media (prefers-color-scheme:dark) { p { color: #fff } }", "light", "@media (max-width: 0) { p { color: #fff } }")]
    [InlineData("@media not ( prefers-color-scheme : light ) {}", "dark", "@media not (max-width: 0) {}")]
    [InlineData("<p>%CODE%</p>", "dark", "<p>%CODE%</p>")]
    [InlineData(
        "<meta name=\"color-scheme\" content=\"light dark\">",
        "dark",
        "<meta name=\"color-scheme\" content=\"light dark\"><style>:root{color-scheme:only dark}</style>"
    )]
    [InlineData(
        "<style>:root { color-scheme: light dark }</style>",
        "light",
        "<style>:root { color-scheme: light dark }</style><style>:root{color-scheme:only light}</style>"
    )]
    public void A_preview_has_the_colours_that_were_asked_for(string html, string scheme, string shown) =>
        PreviewScheme.Apply(html, PreviewScheme.Read(scheme)).ShouldBe(shown);

    [Fact]
    public void What_is_no_scheme_is_light() => PreviewScheme.Read("</style><script>").ShouldBe("light");

    private static string[] Show(string before, string after) =>
        [
            .. TextDifference
                .Compare(before, after)!
                .Select(line => $"{(line.Kind == DifferenceKind.Folded ? "= " : line.Sign)}{string.Concat(line.Parts.Select(Marked))}"),
        ];

    private static string Text(DifferenceLine line) => string.Concat(line.Parts.Select(part => part.Text));

    private static string Marked(DifferencePart part) => part.IsChanged ? $"[{part.Text}]" : part.Text;
}
