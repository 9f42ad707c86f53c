using System.Data.Common;
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

    /// <summary>The ids of the invoices with a step that is due.</summary>
    public async Task<IReadOnlyList<string>> ListDue()
    {
        var now = clock.Now();
        return [.. (await database.Read(db => invoices.ListOverdue(db, now))).Where(IsDue).Select(invoice => invoice.Id)];
    }

    /// <summary>Takes the step of an invoice, if it is due.</summary>
    public async Task Remind(string invoiceId)
    {
        if (await database.Read(db => invoices.Find(db, invoiceId)) is { } invoice && invoice.Is(InvoiceStatus.Open) && IsDue(invoice))
        {
            await Remind(invoice, isLast: invoice.Reminders == ReminderDays.Count - 1);
        }
    }

    /// <summary>The applications that dunning has suspended.</summary>
    public Task<IReadOnlyList<string>> ListSuspended() => database.Read(suspended.List);

    /// <summary>Gives a suspended application back if its account owes nothing more that led to it.</summary>
    public async Task Reinstate(string appId)
    {
        var (owes, before) = await database.Read(async db =>
            (await OwesFor(db, appId), (await statuses.Newest(db, appId))?.Previous ?? ApplicationStatus.Active)
        );
        if (!owes)
        {
            await applications.SetStatus(appId, before, "The invoice is settled.", Billing);
        }
    }

    /// <summary>As <see cref="Reinstate"/>, for all that are suspended.</summary>
    public async Task ReinstateAll()
    {
        foreach (var appId in await ListSuspended())
        {
            await Reinstate(appId);
        }
    }

    private bool IsDue(Invoice invoice) => invoice.Reminders < ReminderDays.Count && StepDueAt(invoice) <= clock.Now();

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
        if (isLast && !await Suspend(invoice))
        {
            return; // the next run tries again
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

    /// <summary>False when one of the applications could not be suspended.</summary>
    private async Task<bool> Suspend(Invoice invoice)
    {
        var areAll = true;
        var month = CalendarMonth.Of(clock.Now());
        foreach (var assignment in await database.Read(db => assignments.AssignmentsOf(db, invoice.AccountId, month)))
        {
            if (
                await applications.Find(assignment.AppId) is { Type: ApplicationType.Commercial } app
                && !ApplicationStatusRules.IsSuspendedOrBlocked(app.Status)
            )
            {
                var reason = $"Invoice {invoice.Number} is not paid.";
                areAll &= (await applications.SetStatus(app.Id, ApplicationStatus.Suspended, reason, Billing)).Succeeded;
            }
        }

        return areAll;
    }

    /// <summary>
    /// Whether the account has an unpaid invoice that had its last step, or has it now: then its applications may be suspended already.
    /// </summary>
    private async Task<bool> OwesFor(DbConnection db, string appId) =>
        await assignments.AssignmentOf(db, appId, CalendarMonth.Of(clock.Now())) is { } assignment
        && (await invoices.ListUnpaid(db, assignment.AccountId)).Any(invoice =>
            invoice.Reminders >= ReminderDays.Count || (invoice.Reminders == ReminderDays.Count - 1 && IsDue(invoice))
        );
}
