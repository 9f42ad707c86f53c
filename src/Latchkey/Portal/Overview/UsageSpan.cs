using System.Globalization;
using Latchkey.Activity.Usage;

namespace Latchkey.Portal.Overview;

/// <summary>A time that the overview's charts can show.</summary>
/// <param name="Parameter">Of the page's address, with the length as its value.</param>
/// <param name="Length">How many bars.</param>
/// <param name="Step">The time of a bar.</param>
public sealed record UsageSpan(string Parameter, int Length, UsageStep Step)
{
    public static UsageSpan Default { get; } = new("days", 30, UsageStep.Day);

    public static IReadOnlyList<UsageSpan> All { get; } =
    [
        new("hours", 48, UsageStep.Hour),
        new("days", 7, UsageStep.Day),
        Default,
        new("days", 90, UsageStep.Day),
        new("weeks", 52, UsageStep.Week),
        new("months", 12, UsageStep.Month),
    ];

    public string Address => string.Create(CultureInfo.InvariantCulture, $"?{Parameter}={Length}");

    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Length} {Parameter}");

    /// <summary>What a page's address asks for.</summary>
    public static UsageSpan Read(Func<string, string> query) =>
        All.FirstOrDefault(span => query(span.Parameter) == span.Length.ToString(CultureInfo.InvariantCulture), Default);
}
