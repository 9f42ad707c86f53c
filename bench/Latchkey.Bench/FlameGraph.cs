using System.Net;
using System.Text;

namespace Latchkey.Bench;

/// <summary>
/// A flame graph as SVG (https://www.brendangregg.com/flamegraphs.html): a frame is as wide as its share of the samples, and stands on its
/// caller.
/// </summary>
public static class FlameGraph
{
    private const int Width = 1200;
    private const int RowHeight = 16;
    private const double MinShare = 0.006; // of all samples; what is rarer is left out
    private const double LetterWidth = 6.2;

    public static string Svg(string title, IReadOnlyDictionary<string, int> stacks)
    {
        var root = new Frame("all");
        foreach (var (stack, count) in stacks)
        {
            var frame = root;
            frame.Samples += count;
            foreach (var name in stack.Split(';'))
            {
                frame = frame.Called(name);
                frame.Samples += count;
            }
        }

        var boxes = new StringBuilder();
        var rows = Draw(boxes, root, root.Samples, 0, 0);
        var height = (rows + 2) * RowHeight;
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -{height} {Width} {height}" font-family="monospace" font-size="10">
            <rect y="-{height}" width="{Width}" height="{height}" fill="#fff"/>
            <text x="4" y="-{height - 12}">{WebUtility.HtmlEncode(
                title
            )}: {root.Samples} samples of the server; what is below {MinShare:P1} is left out</text>
            {boxes}</svg>

            """;
    }

    /// <summary>Draws a frame and what it called; how many rows that takes.</summary>
    private static int Draw(StringBuilder boxes, Frame frame, int all, int before, int depth)
    {
        var (x, width) = ((double)before / all * Width, (double)frame.Samples / all * Width);
        var letters = (int)(width / LetterWidth) - 1;
        var text =
            letters < 3 ? ""
            : frame.Name.Length > letters ? frame.Name[..letters]
            : frame.Name;
        boxes.AppendLine(
            $"<g><title>{WebUtility.HtmlEncode(frame.Name)} {(double)frame.Samples / all:P1}</title><rect x=\"{x:F1}\" y=\"-{(depth + 1) * RowHeight}\" width=\"{Math.Max(width - 0.5, 0.5):F1}\" height=\"{RowHeight - 1}\" fill=\"{Colour(frame.Name)}\"/>{(text.Length == 0 ? "" : $"<text x=\"{x + 2:F1}\" y=\"-{(depth * RowHeight) + 5}\">{WebUtility.HtmlEncode(text)}</text>")}</g>"
        );
        var rows = depth + 1;
        foreach (var called in frame.Calls.OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            rows = called.Samples < all * MinShare ? rows : Math.Max(rows, Draw(boxes, called, all, before, depth + 1));
            before += called.Samples;
        }

        return rows;
    }

    /// <summary>The same name has the same colour; C# is yellow, what is compiled from C and the kernel is red.</summary>
    private static string Colour(string name)
    {
        var shade = name.Aggregate(0, (sum, letter) => (sum * 31) + letter) & 31;
        return name.Contains('.', StringComparison.Ordinal)
            ? $"rgb(255,{190 + shade},{80 + shade})"
            : $"rgb(255,{130 + shade},{110 + shade})";
    }

    private sealed class Frame(string name)
    {
        private readonly Dictionary<string, Frame> calls = new(StringComparer.Ordinal);

        public string Name => name;

        public int Samples { get; set; }

        public IEnumerable<Frame> Calls => calls.Values;

        public Frame Called(string other) => calls.TryGetValue(other, out var known) ? known : calls[other] = new Frame(other);
    }
}
