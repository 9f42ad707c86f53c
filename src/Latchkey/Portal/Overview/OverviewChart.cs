using System.Globalization;
using Latchkey.Activity.Usage;

namespace Latchkey.Portal.Overview;

/// <summary>What a chart of an application's overview counts, and the list that each of its bars leads to.</summary>
/// <param name="Name">Tells the charts apart.</param>
/// <param name="Unit">What is counted, after a number.</param>
/// <param name="Summary">What the sum of all bars means.</param>
/// <param name="Kinds">The counters (<see cref="UsageKind"/>) that are added up.</param>
/// <param name="List">The list, below the application, up to its filter by time.</param>
public sealed record OverviewChart(string Name, string Title, string Unit, string Summary, IReadOnlyList<string> Kinds, string List)
{
    private const string Users = "users?q=";
    private const string Day = "yyyy-MM-dd";

    private static readonly OverviewChart[] Events =
    [
        new("signups", "Signups", "signups", "by signup, invitation, Apple and Google", [UsageKind.Signup], Users) { IsAlways = true },
        new("logins", "Logins", "logins", "including anonymous users", UsageKind.Logins, "logs?") { IsAlways = true },
        new("failures", "Failures", "failures", "refused calls in the log", [UsageKind.Failure], "logs?result=refused&") { Class = "bad" },
        new("mails", "Mails", "mails", "including those in the mailbox", [UsageKind.Mail], "logs/messages?channel=email&"),
        new("sms", "SMS", "SMS", "including those in the mailbox", [UsageKind.Sms], "logs/messages?channel=sms&"),
    ];

    /// <summary>Shown even if there was none.</summary>
    public bool IsAlways { get; private init; }

    public string? Class { get; private init; }

    /// <summary>Active users stand after signups and logins; in hours they are not told apart.</summary>
    public static IReadOnlyList<OverviewChart> For(UsageFigures figures) =>
        UsageKind.ActiveIn(figures.Step) is { } kind
            ? [.. Events[..2], new("active", "Active users", "active users", ActiveSummary(figures, kind), [kind], "logs?"), .. Events[2..]]
            : Events;

    public bool IsUsed(UsageFigures figures) => IsAlways || figures.Of(Kinds).Concat(figures.Before.Of(Kinds)).Any(count => count > 0);

    /// <summary>The list of what was counted from one time until another.</summary>
    public string Link(UsageStep step, DateTimeOffset from, DateTimeOffset until) =>
        List == Users
            ? List + Uri.EscapeDataString(CreatedIn(step, from, until))
            : $"{List}from={LogTime(step, from)}&to={LogTime(step, step == UsageStep.Hour ? until.AddMinutes(-1) : until.AddDays(-1))}";

    /// <summary>As the filters of the logs have it: a day, or a minute of an hour.</summary>
    public static string LogTime(UsageStep step, DateTimeOffset time) => Text(time, step == UsageStep.Hour ? "yyyy-MM-ddTHH:mm" : Day);

    /// <summary>As the search of users has it.</summary>
    private static string CreatedIn(UsageStep step, DateTimeOffset from, DateTimeOffset until) =>
        step switch
        {
            UsageStep.Hour => $"created:{Text(from, "yyyy-MM-ddTHH")}",
            UsageStep.Week => $"created:>{Text(from, Day)} created:<{Text(until, Day)}",
            UsageStep.Month => $"created:{Text(from, "yyyy-MM")}",
            _ => $"created:{Text(from, Day)}",
        };

    /// <summary>An earlier version did not count the active users of weeks.</summary>
    private static string ActiveSummary(UsageFigures figures, string kind)
    {
        var since =
            figures.FirstOf(kind) is { } first && figures.FirstOf(UsageKind.Active) < first
                ? $", counted since {Text(first, "d MMM yyyy")}"
                : "";
        return $"the sum of each {figures.Step.ToString().ToLowerInvariant()}’s active users{since}";
    }

    private static string Text(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
