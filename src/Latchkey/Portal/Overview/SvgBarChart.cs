using System.Globalization;
using System.Net;
using System.Text;

namespace Latchkey.Portal.Overview;

/// <summary>
/// A bar chart as SVG with one bar for each hour, day, week or month. The style sheet sets the colours, and each bar shows its time and
/// number under the pointer, a finger or the keyboard.
/// </summary>
/// <param name="id">Of the SVG's description in its page.</param>
/// <param name="title">What is counted, as a heading.</param>
/// <param name="labels">The name of each bar's time.</param>
/// <param name="amount">A number with its unit.</param>
/// <param name="divisor">The values in one step of the axis: 100 for cents on an axis of euros.</param>
public sealed class SvgBarChart(
    string id,
    string title,
    IReadOnlyList<string> labels,
    IReadOnlyList<long> values,
    Func<long, string> amount,
    long divisor = 1
)
{
    /// <summary>The values of the time before, drawn behind the bars; null for none.</summary>
    public IReadOnlyList<long>? Before { get; init; }

    /// <summary>Where each bar leads; null for nowhere.</summary>
    public Func<int, string>? Link { get; init; }

    /// <summary>When each bar begins, where its label names an hour in UTC: the script shows the reader's own.</summary>
    public IReadOnlyList<DateTimeOffset>? Hours { get; init; }

    private const double Width = 360;
    private const double Height = 150;
    private const double Left = 40;
    private const double Right = 6;
    private const double Top = 12;
    private const double Bottom = 24;
    private readonly StringBuilder svg = new();

    private static double PlotWidth => Width - Left - Right;

    private static double PlotHeight => Height - Top - Bottom;

    public string Draw()
    {
        var top = AxisMaximum((Math.Max(values.Max(), Before?.Max() ?? 0) + divisor - 1) / divisor);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"{(Link is null ? "img" : "group")}\" "
                + $"aria-label=\"{Encode(title)}\" aria-describedby=\"{id}-desc\"><desc id=\"{id}-desc\">{Encode(Description())}</desc>"
        );
        foreach (var tick in top % 2 == 0 ? new[] { 0, top / 2, top } : [0, top])
        {
            DrawTick(tick, top);
        }

        for (var day = 0; day < values.Count; day++)
        {
            DrawDay(day, top);
        }

        DrawDate(0, "start");
        DrawDate(values.Count / 2, "middle");
        DrawDate(values.Count - 1, "end");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>The smallest of 1, 2, 4, 10, 20, 40, 100 … that is not below.</summary>
    public static long AxisMaximum(long most)
    {
        for (var power = 1L; ; power *= 10)
        {
            foreach (var step in new[] { 1, 2, 4 })
            {
                if (step * power >= most)
                {
                    return step * power;
                }
            }
        }
    }

    /// <summary>A number that fits beside an axis: 950, 1.5k, 20k, 3M.</summary>
    public static string Abbreviate(long number) =>
        number switch
        {
            >= 1_000_000_000 => $"{(number / 1e9).ToString("0.#", CultureInfo.InvariantCulture)}G",
            >= 1_000_000 => $"{(number / 1e6).ToString("0.#", CultureInfo.InvariantCulture)}M",
            >= 1_000 => $"{(number / 1e3).ToString("0.#", CultureInfo.InvariantCulture)}k",
            _ => number.ToString(CultureInfo.InvariantCulture),
        };

    private void DrawTick(long tick, long top)
    {
        var y = Top + PlotHeight - PlotHeight * tick / top;
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.##}\" y2=\"{y:0.##}\"/>");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Left - 6}\" y=\"{y + 4:0.##}\" text-anchor=\"end\">{Abbreviate(tick)}</text>"
        );
    }

    /// <summary>The whole column reacts to the pointer, so that small bars are easy to hit.</summary>
    private void DrawDay(int day, long top)
    {
        var step = PlotWidth / values.Count;
        var (x, caption) = (Left + step * day, Encode(Caption(day)));
        svg.Append("<g>");
        if (Link is not null)
        {
            // One stop for the Tab key; the arrow keys go from bar to bar.
            var stop = day == values.Count - 1 ? 0 : -1;
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<a href=\"{Encode(Link(day))}\" tabindex=\"{stop}\" aria-label=\"{caption}\"{At(day)}>"
            );
        }

        DrawRectangle("column", x, step, PlotHeight);
        if (Before is not null)
        {
            DrawRectangle("before", x + step * .02, step * .96, HeightOf(Before[day], top));
        }

        DrawRectangle("bar", x + step * .12, step * .76, HeightOf(values[day], top));
        svg.Append(Link is null ? "" : "</a>");
        DrawTip(day, x + step / 2, caption);
        svg.Append("</g>");
    }

    private double HeightOf(long value, long top) => value == 0 ? 0 : Math.Max(1.5, PlotHeight * value / divisor / top);

    private void DrawRectangle(string name, double x, double width, double height) =>
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"{name}\" x=\"{x:0.##}\" y=\"{Top + PlotHeight - height:0.##}\" width=\"{width:0.##}\" "
                + $"height=\"{height:0.##}\"/>"
        );

    /// <summary>Hidden until the pointer or the focus is at the bar. It stays inside the chart.</summary>
    private void DrawTip(int day, double x, string caption)
    {
        var (place, anchor) =
            day < values.Count / 3 ? (Left, "start")
            : day >= values.Count - values.Count / 3 ? (Width - Right, "end")
            : (x, "middle");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"tip\" x=\"{place:0.##}\" y=\"{Top - 2}\" text-anchor=\"{anchor}\" aria-hidden=\"true\"{At(day)}>"
                + $"{caption}</text>"
        );
    }

    private string Caption(int day) => $"{labels[day]}: {amount(values[day])}{(Before is null ? "" : $", before: {amount(Before[day])}")}";

    private void DrawDate(int day, string anchor)
    {
        var step = PlotWidth / values.Count;
        var x = anchor switch
        {
            "start" => Left,
            "end" => Width - Right,
            _ => Left + step * (day + .5),
        };
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x:0.##}\" y=\"{Height - 6}\" text-anchor=\"{anchor}\"{At(day)}>{Encode(labels[day])}</text>"
        );
    }

    private string At(int day) => Hours is null ? "" : $" data-at=\"{Hours[day].UtcDateTime:yyyy-MM-ddTHH:mm}Z\"";

    private string Description()
    {
        var most = values.Max();
        return most == 0
            ? $"None from {labels[0]} to {labels[^1]}."
            : $"{amount(values.Sum())} from {labels[0]} to {labels[^1]}. The highest was "
                + $"{labels[values.ToList().IndexOf(most)]} with {amount(most)}.";
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
