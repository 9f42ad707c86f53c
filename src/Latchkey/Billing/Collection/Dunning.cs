using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Applications;
using Latchkey.Applications.Status;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Invoices;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Billing.Collection;

/// <summary>
/// Reminds of invoices that are not paid. With the last reminder, every commercial application of the account is suspended. When the
/// invoice is settled, those that were suspended here get back the status that they had.
/// </summary>
public sealed class Dunning(
    Database database,
    InvoiceStore invoices,
    BillingAccountStore accounts,
    BillingAssignmentStore assignments,
    SuspendedApplicationStore suspended,
    ApplicationRules applications,
    StatusStore statuses,
    BillingMailer mailer,
    InstallationSettings installation,
    TimeProvider clock
)
{
    private static readonly ChangeContext Billing = new(new Actor(SuspendedApplicationStore.Actor, ""), Role.Operator);

    private IReadOnlyList<int> ReminderDays => installation.Billing?.ReminderDays ?? [];

    /// <summary>Takes the steps that are due: one for each invoice.</summary>
    public async Task Remind()
    {
        var now = clock.Now();
        foreach (var invoice in await database.Read(db => invoices.ListOverdue(db, now)))
        {
            if (invoice.Reminders < ReminderDays.Count && StepDueAt(invoice) <= now)
            {
                await Remind(invoice, isLast: invoice.Reminders == ReminderDays.Count - 1);
            }
        }

        mailer.Wake();
    }

    /// <summary>Gives suspended applications back whose account owes nothing more that led to it.</summary>
    public async Task Reinstate()
    {
        foreach (var appId in await database.Read(suspended.List))
        {
            var (owes, before) = await database.Read(async db =>
                (await OwesFor(db, appId), (await statuses.Newest(db, appId))?.Previous ?? ApplicationStatus.Active)
            );
            if (!owes)
            {
                await applications.SetStatus(appId, before, "The invoice is settled.", Billing);
            }
        }
    }

    /// <summary>
    /// When the next step is due: some days after the due date, and after the last step as many as are between the two, so that an
    /// installation that was off does not suspend anybody who was not reminded in time.
    /// </summary>
    private long StepDueAt(Invoice invoice)
    {
        var days = ReminderDays[invoice.Reminders];
        var byDueDate = (invoice.DueAt ?? long.MaxValue) + Milliseconds(days);
        return invoice.RemindedAt is { } last
            ? Math.Max(byDueDate, last + Milliseconds(days - ReminderDays[invoice.Reminders - 1]))
            : byDueDate;
    }

    private static long Milliseconds(int days) => (long)TimeSpan.FromDays(days).TotalMilliseconds;

    /// <summary>The applications are suspended before the step is marked, so that a killed node leaves nothing out.</summary>
    private async Task Remind(Invoice invoice, bool isLast)
    {
        if (isLast)
        {
            await Suspend(invoice);
        }

        await database.Write(async db =>
        {
            if (
                await invoices.TakeReminder(db, invoice.Id, invoice.Reminders, clock.Now())
                && await accounts.Find(db, invoice.AccountId) is { } account
                && invoice.Document is { } document
            )
            {
                await mailer.Reminder(db, account, InvoiceDocument.Parse(document), isLast);
            }
        });
    }

    private async Task Suspend(Invoice invoice)
    {
        var month = CalendarMonth.Of(clock.Now());
        foreach (var assignment in await database.Read(db => assignments.AssignmentsOf(db, invoice.AccountId, month)))
        {
            if (
                await applications.Find(assignment.AppId) is { Type: ApplicationType.Commercial } app
                && !ApplicationStatusRules.IsSuspendedOrBlocked(app.Status)
            )
            {
                await applications.SetStatus(app.Id, ApplicationStatus.Suspended, $"Invoice {invoice.Number} is not paid.", Billing);
            }
        }
    }

    private async Task<bool> OwesFor(System.Data.Common.DbConnection db, string appId) =>
        await assignments.AssignmentOf(db, appId, CalendarMonth.Of(clock.Now())) is { } assignment
        && await invoices.CountUnpaidAfter(db, assignment.AccountId, ReminderDays.Count) > 0;
}
