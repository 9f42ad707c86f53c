using System.Data.Common;
using Latchkey.Activity.Metering;
using Latchkey.Applications;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Plans;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Statements;

/// <summary>
/// Closes months into statements, a batch of applications at a time. Any node can go on where another was killed: what has a statement is
/// done, and what has none is not.
/// </summary>
public sealed class MonthClosing(
    Database database,
    BillingAssignmentStore assigned,
    PlanStore plans,
    StatementStore statements,
    ApplicationStore applications,
    UsageMeter meter,
    TimeProvider clock
)
{
    private const int BatchSize = 50;

    /// <summary>
    /// How long after its end a month is closed. What happened in the month is committed by then: transactions last seconds.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>The newest month that can be closed.</summary>
    public CalendarMonth LastEnded => CalendarMonth.Of(clock.Now() - (long)Grace.TotalMilliseconds).Previous;

    /// <summary>Writes the statements of a month that has ended, where they are missing. Returns how many.</summary>
    public async Task<int> Close(CalendarMonth month, CancellationToken stop = default)
    {
        var (after, closed) = ("", 0);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var (last, rows) = await database.Read(db => ReadBatch(db, month, after));
            if (last is null)
            {
                return closed;
            }

            await database.Write(async db =>
            {
                foreach (var row in rows)
                {
                    await statements.Insert(db, row);
                }
            });
            (after, closed) = (last, closed + rows.Count);
        }
    }

    /// <summary>Computes an application's statement of a month until a time; null when nobody pays for it.</summary>
    public async Task<Statement?> Compute(DbConnection db, string appId, CalendarMonth month, long until) =>
        await assigned.AssignmentOf(db, appId, month) is { } assignment ? await Compute(db, assignment, month, until) : null;

    /// <summary>As above, for a known assignment.</summary>
    public async Task<Statement> Compute(DbConnection db, BillingAssignment assignment, CalendarMonth month, long until)
    {
        var (reading, plan, version) = (
            await meter.Read(db, assignment.AppId, month, until),
            await plans.Find(db, assignment.PlanId),
            await plans.VersionOf(db, assignment.PlanId, month)
        );
        return plan is not null && version is not null
            ? Statement.Compute(reading, assignment, Currency.FromStored(plan.Currency), version)
            : throw new InvalidOperationException($"the plan {assignment.PlanId} has no prices in {month}");
    }

    /// <summary>The stored statement of a closed month; of another, what the events give until now.</summary>
    public Task<string?> Read(string appId, CalendarMonth month) =>
        Field.IsStorable(appId)
            ? database.Read(async db => (await statements.Find(db, appId, month))?.Document ?? await Recompute(db, appId, month))
            : Task.FromResult<string?>(null);

    /// <summary>The stored statement of a closed month, and what the events give: of a month that goes on, until now.</summary>
    public Task<(string? Stored, string? Computed)> Recompute(string appId, CalendarMonth month) =>
        Field.IsStorable(appId)
            ? database.Read(async db => ((await statements.Find(db, appId, month))?.Document, await Recompute(db, appId, month)))
            : Task.FromResult<(string?, string?)>((null, null));

    private async Task<string?> Recompute(DbConnection db, string appId, CalendarMonth month) =>
        (await Compute(db, appId, month, Math.Min(month.End, clock.Now())))?.Write();

    private async Task<(string? Last, IReadOnlyList<StatementRow> Rows)> ReadBatch(DbConnection db, CalendarMonth month, string after)
    {
        var assignments = await assigned.ListWithoutStatement(db, month, after, BatchSize);
        var rows = new List<StatementRow>();
        foreach (var assignment in assignments)
        {
            var statement = await Compute(db, assignment, month, month.End);
            if (!statement.Reading.IsDeleted)
            {
                rows.Add(Row(statement, (await applications.Find(db, assignment.AppId))?.Name ?? statement.Reading.Name));
            }
        }

        return (assignments.Count > 0 ? assignments[^1].AppId : null, rows);
    }

    private StatementRow Row(Statement statement, string name) =>
        new()
        {
            AppId = statement.Reading.AppId,
            Month = statement.Reading.Month.Number,
            AccountId = statement.Assignment.AccountId,
            Name = name,
            Currency = statement.Currency.Code,
            TaxRate = statement.TaxRate,
            Net = statement.Net,
            Document = statement.Write(),
            ClosedAt = clock.Now(),
        };
}
