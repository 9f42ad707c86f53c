using System.Globalization;
using Latchkey.Operations.Overview;

namespace Latchkey.Portal.Operator;

/// <summary>What waits for the operator, in words.</summary>
public static class OperatorTaskTexts
{
    /// <summary>Each task with the segment of its page's address; none for what does not wait.</summary>
    public static IReadOnlyList<(string Text, string Address)> Describe(OperatorTasks tasks) =>
        [
            .. new[]
            {
                (tasks.Petitions, "petition to answer", "petitions to answer", "petitions"),
                (tasks.Domains, "domain to approve", "domains to approve", "domains"),
                (tasks.OverdueInvoices, "overdue invoice", "overdue invoices", "billing"),
            }
                .Where(task => task.Item1 > 0)
                .Select(task => ($"{Number(task.Item1)} {(task.Item1 == 1 ? task.Item2 : task.Item3)}", task.Item4)),
        ];

    /// <summary>How much waits on the page of this segment.</summary>
    public static long Count(OperatorTasks tasks, string address) =>
        address switch
        {
            "petitions" => tasks.Petitions,
            "domains" => tasks.Domains,
            "billing" => tasks.OverdueInvoices,
            _ => 0,
        };

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
