using System.Globalization;
using System.Net;
using System.Text;

namespace Latchkey.Portal.Overview;

/// <summary>
/// A bar chart as SVG with one bar for each day or month. The style sheet sets the colours, and each bar shows its number on hover.
/// </summary>
/// <param name="id">Of the SVG's title and description in its page.</param>
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
        var top = AxisMaximum((values.Max() + divisor - 1) / divisor);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">"
        );
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<title id=\"{id}-title\">{Encode(title)}</title><desc id=\"{id}-desc\">{Encode(Description())}</desc>"
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
        var (step, value) = (PlotWidth / values.Count, values[day]);
        var (x, height) = (Left + step * day, value == 0 ? 0 : Math.Max(1.5, PlotHeight * value / divisor / top));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<g><title>{Encode(labels[day])}: {Encode(amount(value))}</title><rect class=\"column\" x=\"{x:0.##}\" y=\"{Top}\" "
                + $"width=\"{step:0.##}\" height=\"{PlotHeight}\"/>"
        );
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"bar\" x=\"{x + step * .12:0.##}\" y=\"{Top + PlotHeight - height:0.##}\" width=\"{step * .76:0.##}\" "
                + $"height=\"{height:0.##}\"/></g>"
        );
    }

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
            $"<text x=\"{x:0.##}\" y=\"{Height - 6}\" text-anchor=\"{anchor}\">{Encode(labels[day])}</text>"
        );
    }

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
