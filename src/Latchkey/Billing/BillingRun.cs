using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Collection;
using Latchkey.Billing.Invoices;
using Latchkey.Billing.Payments;
using Latchkey.Billing.Statements;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Billing;

/// <summary>
/// All that billing does by itself: closes months, sends invoices, charges cards, sends reminders, watches budgets. Each step finds in
/// the tables what is left to do, so a run that was killed, or two at once, count nothing twice and leave nothing out.
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
    Budgets budgets,
    InstallationSettings installation
)
{
    public bool IsOn => installation.Billing is not null;

    /// <param name="actor">Who opens the invoices, for the log.</param>
    /// <param name="stop">Ends the run between two batches.</param>
    public async Task Run(Actor actor, CancellationToken stop = default)
    {
        if (!IsOn)
        {
            return;
        }

        await database.Write(metering.RecordUnknownStates);
        await CloseMonths(stop);
        await invoices.OpenDrafts(actor);
        await charges.ChargeOpen(actor, stop);
        await dunning.Remind();
        await dunning.Reinstate();
        await budgets.Check();
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
