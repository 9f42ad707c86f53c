using System.Data.Common;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Invoices;
using Latchkey.Messages.Templates;

namespace Latchkey.Billing;

/// <summary>
/// Mails to a billing account, in its language: invoices, reminders, the budget. Each is queued in the transaction of what it announces.
/// </summary>
public sealed class BillingMailer(PortalMailer mails)
{
    public Task InvoiceOpened(DbConnection db, BillingAccount account, InvoiceDocument document) =>
        mails.Enqueue(
            db,
            account.Email,
            document.Kind == InvoiceKind.CreditNote ? PortalMailKind.CreditNote : PortalMailKind.Invoice,
            Values(account, document) with
            {
                Attachment = InvoiceFile.ForMail(document).ToAttachment(),
            }
        );

    /// <param name="suspends">The applications are suspended with this reminder.</param>
    public Task Reminder(DbConnection db, BillingAccount account, InvoiceDocument document, bool suspends) =>
        mails.Enqueue(
            db,
            account.Email,
            suspends ? PortalMailKind.InvoiceSuspension : PortalMailKind.InvoiceReminder,
            Values(account, document)
        );

    public Task BudgetReached(DbConnection db, BillingAccount account, Money budget, int percent) =>
        mails.Enqueue(
            db,
            account.Email,
            PortalMailKind.Budget,
            Values(account) with
            {
                Number = percent,
                Amount = budget.Format(account.Language),
            }
        );

    /// <summary>Wakes the outbox worker. Call it after the transaction has committed.</summary>
    public void Wake() => mails.Wake();

    private static PortalMailValues Values(BillingAccount account, InvoiceDocument document) =>
        Values(account) with
        {
            Invoice = document.Number,
            Amount = new Money(document.Total, Currency.FromStored(document.Currency)).Format(account.Language),
            Date = document.DueOn is { } dueOn ? InvoiceText.Of(account.Language).DateOf(dueOn) : "",
        };

    private static PortalMailValues Values(BillingAccount account) =>
        new(Link: $"/portal/billing/{account.Id}") { Language = account.Language };
}
