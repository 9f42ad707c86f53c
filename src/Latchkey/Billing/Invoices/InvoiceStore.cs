using System.Data.Common;
using System.Globalization;
using Dapper;
using Latchkey.Activity.Metering;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Invoices;

/// <summary>The tables invoices, invoice_numbers and payments.</summary>
public sealed class InvoiceStore(Dialect dialect)
{
    private const string Columns =
        "id, kind, account_id, month, currency, tax_rate, status, number, credits_id, net, tax, total, document, reminders, reminded_at, "
        + "created_at, opened_at, due_at, settled_at";

    private static readonly string OfInvoices = InvoiceKind.Invoice.ToName();

    /// <summary>Inserts an invoice; false when the account has one of this month and tax rate already.</summary>
    public async Task<bool> Insert(DbConnection db, Invoice invoice) =>
        await db.ExecuteAsync(
            """
            INSERT INTO invoices (id, kind, account_id, month, currency, tax_rate, status, number, credits_id, net, tax, total, document,
              created_at, opened_at, due_at, settled_at)
            VALUES (@Id, @Kind, @AccountId, @Month, @Currency, @TaxRate, @Status, @Number, @CreditsId, @Net, @Tax, @Total, @Document,
              @CreatedAt, @OpenedAt, @DueAt, @SettledAt)
            ON CONFLICT DO NOTHING
            """,
            invoice
        ) == 1;

    /// <summary>Opens a draft: gives it its number, document and due date.</summary>
    public Task Open(DbConnection db, Invoice invoice) =>
        db.ExecuteAsync(
            """
            UPDATE invoices SET status = @Status, number = @Number, document = @Document, net = @Net, tax = @Tax, total = @Total,
              opened_at = @OpenedAt, due_at = @DueAt
            WHERE id = @Id AND status = 'draft'
            """,
            invoice
        );

    public Task SetStatus(DbConnection db, string id, InvoiceStatus status, long now) =>
        db.ExecuteAsync(
            "UPDATE invoices SET status = @status, settled_at = @now WHERE id = @id",
            new
            {
                id,
                status = status.ToName(),
                now,
            }
        );

    /// <summary>Takes the next step of dunning; false when it was taken already, or the invoice is not open any more.</summary>
    public async Task<bool> TakeReminder(DbConnection db, string id, int taken, long now) =>
        await db.ExecuteAsync(
            "UPDATE invoices SET reminders = @taken + 1, reminded_at = @now WHERE id = @id AND reminders = @taken AND status = 'open'",
            new
            {
                id,
                taken,
                now,
            }
        ) == 1;

    /// <summary>The next number of a series, without a gap: a transaction that fails gives it back.</summary>
    public Task<long> NextNumber(DbConnection db, string series) =>
        db.QuerySingleAsync<long>(
            "INSERT INTO invoice_numbers (series, last) VALUES (@series, 1) ON CONFLICT (series) DO UPDATE SET last = "
                + "invoice_numbers.last + 1 RETURNING last",
            new { series }
        );

    public Task InsertPayment(DbConnection db, Payment payment) =>
        db.ExecuteAsync(
            "INSERT INTO payments (id, invoice_id, amount, method, reference, recorded_by, received_at) VALUES (@Id, @InvoiceId, "
                + "@Amount, @Method, @Reference, @RecordedBy, @ReceivedAt)",
            payment
        );

    public Task<Payment?> FindPayment(DbConnection db, string invoiceId) =>
        db.QuerySingleOrDefaultAsync<Payment>(
            "SELECT id, invoice_id, amount, method, reference, recorded_by, received_at FROM payments WHERE invoice_id = @invoiceId",
            new { invoiceId }
        );

    /// <summary>Finds an invoice by id or number.</summary>
    public Task<Invoice?> Find(DbConnection db, string idOrNumber) =>
        db.QuerySingleOrDefaultAsync<Invoice>(
            $"SELECT {Columns} FROM invoices WHERE id = @idOrNumber OR number = @idOrNumber",
            new { idOrNumber }
        );

    /// <summary>As <see cref="Find"/>, locked for a change.</summary>
    public Task<Invoice?> FindForUpdate(DbConnection db, string idOrNumber) =>
        db.QuerySingleOrDefaultAsync<Invoice>(
            $"SELECT {Columns} FROM invoices WHERE id = @idOrNumber OR number = @idOrNumber {dialect.ForUpdate}",
            new { idOrNumber }
        );

    /// <summary>Invoices and credit notes, newest first.</summary>
    /// <param name="accountId">Of one account; null for all.</param>
    /// <param name="status">Of one status; null for all.</param>
    public async Task<IReadOnlyList<Invoice>> List(DbConnection db, string? accountId, string? status, int limit) =>
        [
            .. await db.QueryAsync<Invoice>(
                $"SELECT {Columns} FROM invoices WHERE (@accountId IS NULL OR account_id = @accountId) "
                    + "AND (@status IS NULL OR status = @status) ORDER BY created_at DESC, id DESC LIMIT @limit",
                new
                {
                    accountId,
                    status,
                    limit,
                }
            ),
        ];

    public async Task<IReadOnlyList<string>> ListDraftIds(DbConnection db) =>
        [
            .. await db.QueryAsync<string>(
                "SELECT id FROM invoices WHERE status = 'draft' AND kind = @OfInvoices ORDER BY id",
                new { OfInvoices }
            ),
        ];

    /// <summary>Open invoices that were due before a time, the oldest first.</summary>
    public async Task<IReadOnlyList<Invoice>> ListOverdue(DbConnection db, long before) =>
        [
            .. await db.QueryAsync<Invoice>(
                $"SELECT {Columns} FROM invoices WHERE status = 'open' AND kind = @OfInvoices AND due_at <= @before ORDER BY due_at, id",
                new { before, OfInvoices }
            ),
        ];

    /// <summary>The invoices that an account owes, those that were given up too.</summary>
    public async Task<IReadOnlyList<Invoice>> ListUnpaid(DbConnection db, string accountId) =>
        [
            .. await db.QueryAsync<Invoice>(
                $"SELECT {Columns} FROM invoices WHERE account_id = @accountId AND status IN ('open', 'uncollectible') "
                    + "AND kind = @OfInvoices",
                new { accountId, OfInvoices }
            ),
        ];

    /// <summary>The accounts with statements of a month that have no invoice yet, with their sum for each tax rate.</summary>
    public async Task<IReadOnlyList<Invoice>> ListToDraft(DbConnection db, CalendarMonth month) =>
        [
            .. await db.QueryAsync<Invoice>(
                """
                SELECT t.account_id, t.month, t.currency, t.tax_rate, CAST(SUM(t.net) AS BIGINT) AS net FROM statements t
                WHERE t.month = @Number AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.account_id = t.account_id
                  AND i.month = t.month AND i.tax_rate = t.tax_rate AND i.kind = @OfInvoices)
                GROUP BY t.account_id, t.month, t.currency, t.tax_rate HAVING SUM(t.net) > 0 ORDER BY t.account_id, t.tax_rate
                """,
                new { month.Number, OfInvoices }
            ),
        ];

    /// <summary>
    /// What was invoiced for each month of service, before tax, and how much is paid: less credit notes, and without what was voided.
    /// </summary>
    public async Task<IReadOnlyList<Revenue>> RevenueByMonth(DbConnection db, CalendarMonth since) =>
        [
            .. await db.QueryAsync<Revenue>(
                """
                SELECT month, currency,
                  CAST(SUM(CASE WHEN kind = 'creditnote' THEN -net WHEN number IS NULL THEN 0
                    WHEN status = 'void' AND NOT EXISTS (SELECT 1 FROM invoices c WHERE c.credits_id = i.id) THEN 0
                    ELSE net END) AS BIGINT) AS net,
                  CAST(SUM(CASE WHEN kind <> 'creditnote' AND status = 'paid' THEN total
                    WHEN EXISTS (SELECT 1 FROM invoices o WHERE o.id = i.credits_id AND o.status = 'paid') THEN -total
                    ELSE 0 END) AS BIGINT) AS paid,
                  CAST(SUM(CASE WHEN kind <> 'creditnote' AND status = 'open' THEN total ELSE 0 END) AS BIGINT) AS open
                FROM invoices i WHERE month >= @Number GROUP BY month, currency ORDER BY month DESC, currency
                """,
                new { since.Number }
            ),
        ];

    /// <summary>A number as it is printed: INV-000001.</summary>
    public static string FormatNumber(string series, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{series}-{number:000000}");
}
