using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Applications.Settings;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Collection;
using Latchkey.Billing.Statements;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Invoices;

/// <summary>
/// The life of an invoice: draft, open, then paid, void or uncollectible. Numbers have no gaps. Once open, what is printed never changes;
/// a credit note takes it back.
/// </summary>
public sealed class InvoiceRules(
    Database database,
    InvoiceStore store,
    BillingAccountStore accounts,
    StatementStore statements,
    InvoiceComposer composer,
    Dunning dunning,
    BillingMailer mailer,
    InstallationLog log,
    TimeProvider clock
)
{
    public const int MaxListed = 500;
    private const string InvoiceSeries = "INV";
    private const string CreditSeries = "CN";

    internal static Error NoSuchInvoice => Setting.Invalid("There is no such invoice.");

    /// <summary>Drafts the invoices of a closed month. Accounts that owe nothing get none.</summary>
    public async Task Draft(CalendarMonth month)
    {
        foreach (var sum in await database.Read(db => store.ListToDraft(db, month)))
        {
            var (net, now) = (new Money(sum.Net, Currency.FromStored(sum.Currency)), clock.Now());
            var tax = net.Percentage(sum.TaxRate);
            var draft = sum with { Id = Ids.New(clock), Tax = tax.MinorUnits, Total = (net + tax).MinorUnits, CreatedAt = now };
            await database.Write(db => store.Insert(db, draft));
        }
    }

    /// <summary>The ids of the drafts.</summary>
    public Task<IReadOnlyList<string>> ListDrafts() => database.Read(store.ListDraftIds);

    /// <summary>Wakes the outbox worker.</summary>
    public void WakeMails() => mailer.Wake();

    /// <summary>Opens a draft: it gets its number, is stored as it is printed, and is mailed.</summary>
    public Task<Result<Invoice>> Open(string id, Actor actor) =>
        Change(
            id,
            [InvoiceStatus.Draft],
            "opened",
            actor,
            async (db, draft) =>
            {
                var account = await AccountOf(db, draft);
                var now = clock.Now();
                var number = InvoiceStore.FormatNumber(InvoiceSeries, await store.NextNumber(db, InvoiceSeries));
                var rows = await statements.ListByAccount(db, draft.AccountId, draft.Service);
                var document = composer.Compose(draft, account, rows, number, InvoiceStatus.Open, now);
                var opened = draft with
                {
                    Status = InvoiceStatus.Open.ToName(),
                    Number = number,
                    Document = document.ToJson(),
                    Net = document.Net,
                    Tax = document.Tax,
                    Total = document.Total,
                    OpenedAt = now,
                    DueAt = composer.DueAt(now),
                };
                await store.Open(db, opened);
                await mailer.InvoiceOpened(db, account, document);
                return opened;
            }
        );

    /// <summary>Marks an invoice as paid in full.</summary>
    /// <param name="payment">Method and reference; the rest is filled in.</param>
    public async Task<Result<Invoice>> Pay(string id, Payment payment, Actor actor)
    {
        if (BillingText.OptionalLine("The reference", payment.Reference).Failed(out var reference, out var refused))
        {
            return refused;
        }

        return await Change(
            id,
            [InvoiceStatus.Open, InvoiceStatus.Uncollectible],
            "paid",
            actor,
            async (db, invoice) =>
            {
                var now = clock.Now();
                await store.InsertPayment(
                    db,
                    payment with
                    {
                        Id = Ids.New(clock),
                        InvoiceId = invoice.Id,
                        Amount = invoice.Total,
                        Reference = reference,
                        RecordedBy = actor.Name,
                        ReceivedAt = now,
                    }
                );
                return await Settle(db, invoice, InvoiceStatus.Paid);
            }
        );
    }

    /// <summary>Withdraws a draft, or an open invoice that was a mistake: nobody has to pay it.</summary>
    public Task<Result<Invoice>> Void(string id, Actor actor) =>
        Change(id, [InvoiceStatus.Draft, InvoiceStatus.Open], "voided", actor, (db, invoice) => Settle(db, invoice, InvoiceStatus.Void));

    /// <summary>Gives an open invoice up.</summary>
    public Task<Result<Invoice>> GiveUp(string id, Actor actor) =>
        Change(
            id,
            [InvoiceStatus.Open],
            "marked as uncollectible",
            actor,
            (db, invoice) => Settle(db, invoice, InvoiceStatus.Uncollectible)
        );

    /// <summary>Issues the credit note that takes a whole invoice back; one that is not paid becomes void. Gives the credit note.</summary>
    /// <param name="reason">Printed on it.</param>
    public async Task<Result<Invoice>> Credit(string id, string reason, Actor actor) =>
        BillingText.Line("The reason", reason).Failed(out var words, out var refused)
            ? refused
            : await Change(
                id,
                [InvoiceStatus.Open, InvoiceStatus.Paid, InvoiceStatus.Uncollectible],
                "credited",
                actor,
                (db, invoice) => Credit(db, invoice, words)
            );

    public async Task<Result<Invoice>> Find(string idOrNumber) =>
        Field.IsStorable(idOrNumber) && await database.Read(db => store.Find(db, idOrNumber)) is { } invoice ? invoice : NoSuchInvoice;

    /// <summary>An invoice of an account; 602 for any other, as if there were none.</summary>
    public async Task<Result<Invoice>> Find(string accountId, string idOrNumber) =>
        await Find(idOrNumber) is { Value: { } invoice } && invoice.AccountId == accountId ? invoice : NoSuchInvoice;

    /// <summary>Invoices and credit notes, newest first, up to <see cref="MaxListed"/>.</summary>
    public Task<IReadOnlyList<Invoice>> List(string? accountId, string? status) =>
        (accountId is null || Field.IsStorable(accountId)) && (status is null || Field.IsStorable(status))
            ? database.Read(db => store.List(db, accountId, status, MaxListed))
            : Task.FromResult<IReadOnlyList<Invoice>>([]);

    public Task<Payment?> PaymentOf(Invoice invoice) => database.Read(db => store.FindPayment(db, invoice.Id));

    /// <summary>The revenue of the last months of service, newest first.</summary>
    public Task<IReadOnlyList<Revenue>> Revenue(int months) =>
        database.Read(db => store.RevenueByMonth(db, CalendarMonth.Of(clock.Now()).AddMonths(-months)));

    /// <summary>What is printed on an invoice: as it was opened, with its status of today; a draft as it would be opened now.</summary>
    public async Task<InvoiceDocument> Document(Invoice invoice)
    {
        if (invoice.Document is { } stored)
        {
            return EnumNames.TryParse<InvoiceStatus>(invoice.Status, out var status)
                ? InvoiceDocument.Parse(stored) with
                {
                    Status = status,
                }
                : throw new InvalidOperationException($"{invoice.Status} is no status");
        }

        return await database.Read(async db =>
            composer.Compose(
                invoice,
                await AccountOf(db, invoice),
                await statements.ListByAccount(db, invoice.AccountId, invoice.Service),
                "",
                invoice.Is(InvoiceStatus.Void) ? InvoiceStatus.Void : InvoiceStatus.Draft,
                clock.Now()
            )
        );
    }

    private async Task<Result<Invoice>> Credit(DbConnection db, Invoice invoice, string reason)
    {
        var now = clock.Now();
        var number = InvoiceStore.FormatNumber(CreditSeries, await store.NextNumber(db, CreditSeries));
        var printed = InvoiceDocument.Parse(invoice.Document ?? throw new InvalidOperationException("an open invoice has a document"));
        var document = InvoiceComposer.Credit(printed, number, reason, now);
        var credit = invoice with
        {
            Id = Ids.New(clock),
            Kind = InvoiceKind.CreditNote.ToName(),
            Status = InvoiceStatus.Paid.ToName(),
            Number = number,
            CreditsId = invoice.Id,
            Document = document.ToJson(),
            CreatedAt = now,
            OpenedAt = now,
            DueAt = null,
            SettledAt = now,
        };
        if (!await store.Insert(db, credit))
        {
            return Setting.Invalid("The invoice has a credit note already.");
        }

        if (!invoice.Is(InvoiceStatus.Paid))
        {
            await Settle(db, invoice, InvoiceStatus.Void);
        }

        await mailer.InvoiceOpened(db, await AccountOf(db, invoice), document);
        return credit;
    }

    private async Task<Result<Invoice>> Settle(DbConnection db, Invoice invoice, InvoiceStatus status)
    {
        var now = clock.Now();
        await store.SetStatus(db, invoice.Id, status, now);
        return invoice with { Status = status.ToName(), SettledAt = now };
    }

    private async Task<BillingAccount> AccountOf(DbConnection db, Invoice invoice) =>
        await accounts.Find(db, invoice.AccountId) ?? throw new InvalidOperationException($"the account {invoice.AccountId} is gone");

    private async Task<Result<Invoice>> Change(
        string id,
        IReadOnlyList<InvoiceStatus> from,
        string done,
        Actor actor,
        Func<DbConnection, Invoice, Task<Result<Invoice>>> change
    )
    {
        var changed = await log.Write<Invoice>(
            async db =>
                !Field.IsStorable(id) || await store.FindForUpdate(db, id) is not { } invoice ? NoSuchInvoice
                : invoice.IsCreditNote || !from.Any(invoice.Is) ? Refusal(invoice, done)
                : await change(db, invoice),
            invoice => InstallationEntry.By(actor, "changeInvoice", $"invoice {invoice.Number ?? invoice.Id} {done}")
        );
        if (changed.Value is { } invoice)
        {
            mailer.Wake();
            if (invoice.SettledAt is not null)
            {
                await dunning.ReinstateAll();
            }
        }

        return changed;
    }

    private static Error Refusal(Invoice invoice, string done) =>
        Setting.Invalid(
            invoice.IsCreditNote ? $"A credit note cannot be {done}." : $"The invoice is {invoice.Status}, so it cannot be {done}."
        );
}
