using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Collection;
using Latchkey.Billing.Invoices;
using Latchkey.Billing.Payments;
using Latchkey.Billing.Statements;
using Latchkey.Data;

namespace Latchkey.Billing;

/// <summary>
/// All that billing does by itself: closes months, sends invoices, charges cards, sends reminders, watches budgets. Each step finds in
/// the tables what is left to do, so a run that was killed, or two at once, count nothing twice and leave nothing out. What fails for one
/// account keeps no other from its turn.
/// </summary>
public sealed class BillingRun(
    Database database,
    MeteringStore metering,
    BillingAssignmentStore assignments,
    BillingCalendar calendar,
    MonthClosing closing,
    InvoiceRules invoices,
    ChargeRules charges,
    Dunning dunning,
    Budgets budgets
)
{
    public bool IsOn => metering.IsOn;

    /// <summary>Does all that is due. Returns what failed.</summary>
    /// <param name="actor">Who opens the invoices, for the log.</param>
    /// <param name="stop">Ends the run between two batches.</param>
    public async Task<IReadOnlyList<BillingFailure>> Run(Actor actor, CancellationToken stop = default)
    {
        var failures = new List<BillingFailure>();
        if (!IsOn)
        {
            return failures;
        }

        await database.Write(metering.RecordUnknownStates);
        await Try("close months", () => CloseMonths(stop));
        await ForEach("open invoice", await invoices.ListDrafts(), id => invoices.Open(id, actor));
        await ForEach("charge invoice", await charges.ListToCharge(), id => charges.Charge(id, null, actor, stop));
        await ForEach("remind of invoice", await dunning.ListDue(), dunning.Remind);
        await ForEach("reinstate application", await dunning.ListSuspended(), dunning.Reinstate);
        await ForEach("check the budget of account", await budgets.ListAccounts(), budgets.Check);
        invoices.WakeMails();
        return failures;

        async Task ForEach(string work, IReadOnlyList<string> ids, Func<string, Task> each)
        {
            foreach (var id in ids)
            {
                stop.ThrowIfCancellationRequested();
                await Try($"{work} {id}", () => each(id));
            }
        }

        async Task Try(string work, Func<Task> doing)
        {
            try
            {
                await doing();
            }
            catch (Exception e) when (e is not OperationCanceledException && !database.Dialect.IsUnavailable(e))
            {
                failures.Add(new BillingFailure(work, e));
            }
        }
    }

    private async Task CloseMonths(CancellationToken stop)
    {
        var (billed, first) = await database.Read(async db => (await calendar.LastBilled(db), await assignments.FirstMonth(db)));
        for (var month = billed?.Next ?? first; month <= closing.LastEnded; month = month?.Next)
        {
            await closing.Close(month.Value, stop);
            await invoices.Draft(month.Value);
            var done = month.Value;
            await database.Write(db => calendar.SetBilled(db, done));
        }
    }
}
