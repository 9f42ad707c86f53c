using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Billing.Payments;

/// <summary>The tables payment_cards, payment_attempts and payment_events.</summary>
public sealed class PaymentStore(Dialect dialect)
{
    private const string CardColumns = "account_id, customer, method, label, saved_at";
    private const string AttemptColumns = "invoice_id, attempt, status, reference, reason, started_at";

    private const string ToCharge = """
        FROM invoices i JOIN payment_cards c ON c.account_id = i.account_id
        WHERE i.status = 'open' AND i.kind = 'invoice' AND i.total > 0 AND c.method IS NOT NULL
          AND i.reminders >= (SELECT COUNT(*) FROM payment_attempts a WHERE a.invoice_id = i.id
            AND a.status NOT IN ('started', 'unknown'))
          AND NOT EXISTS (SELECT 1 FROM payment_attempts a WHERE a.invoice_id = i.id AND a.started_at > @startedBefore)
        """;

    public Task<PaymentCard?> FindCard(DbConnection db, string accountId) =>
        db.QuerySingleOrDefaultAsync<PaymentCard>(
            $"SELECT {CardColumns} FROM payment_cards WHERE account_id = @accountId",
            new { accountId }
        );

    /// <summary>The card of a provider's customer, locked for a change; null when no account has this customer.</summary>
    public Task<PaymentCard?> FindCardForUpdate(DbConnection db, string customer) =>
        db.QuerySingleOrDefaultAsync<PaymentCard>(
            $"SELECT {CardColumns} FROM payment_cards WHERE customer = @customer {dialect.ForUpdate}",
            new { customer }
        );

    /// <summary>Remembers the provider's customer of an account; the first one stays.</summary>
    public Task InsertCustomer(DbConnection db, string accountId, string customer) =>
        db.ExecuteAsync(
            "INSERT INTO payment_cards (account_id, customer, label, saved_at) VALUES (@accountId, @customer, '', 0) "
                + "ON CONFLICT DO NOTHING",
            new { accountId, customer }
        );

    /// <summary>
    /// Sets the card of a customer; false when no account has this customer, or when a card whose page was opened later was saved, or the
    /// card was removed since.
    /// </summary>
    public async Task<bool> SetCard(DbConnection db, SavedCard card) =>
        await db.ExecuteAsync(
            "UPDATE payment_cards SET method = @Method, label = @Label, saved_at = @BegunAt "
                + "WHERE customer = @Customer AND saved_at <= @BegunAt",
            card
        ) == 1;

    /// <summary>Removes an account's card if it is still this one. It stays away, also when the provider's clock is ahead.</summary>
    public Task RemoveCard(DbConnection db, string accountId, string method, long now) =>
        db.ExecuteAsync(
            "UPDATE payment_cards SET method = NULL, label = '', saved_at = CASE WHEN saved_at < @now THEN @now ELSE saved_at + 1 END "
                + "WHERE account_id = @accountId AND method = @method",
            new
            {
                accountId,
                method,
                now,
            }
        );

    /// <summary>The attempts of an invoice, the first one first.</summary>
    public async Task<IReadOnlyList<PaymentAttempt>> ListAttempts(DbConnection db, string invoiceId) =>
        [
            .. await db.QueryAsync<PaymentAttempt>(
                $"SELECT {AttemptColumns} FROM payment_attempts WHERE invoice_id = @invoiceId ORDER BY attempt",
                new { invoiceId }
            ),
        ];

    public Task InsertAttempt(DbConnection db, PaymentAttempt attempt) =>
        db.ExecuteAsync(
            "INSERT INTO payment_attempts (invoice_id, attempt, status, reference, reason, started_at) VALUES (@InvoiceId, @Attempt, "
                + "@Status, @Reference, @Reason, @StartedAt)",
            attempt
        );

    /// <summary>Writes what became of an attempt. One that is paid stays paid.</summary>
    public Task UpdateAttempt(DbConnection db, PaymentAttempt attempt) =>
        db.ExecuteAsync(
            "UPDATE payment_attempts SET status = @Status, reference = COALESCE(@Reference, reference), reason = @Reason "
                + "WHERE invoice_id = @InvoiceId AND attempt = @Attempt AND status <> 'paid'",
            attempt
        );

    /// <summary>The newest attempt with a reference; null for a charge that is not ours.</summary>
    public Task<PaymentAttempt?> FindByReference(DbConnection db, string reference) =>
        db.QueryFirstOrDefaultAsync<PaymentAttempt>(
            $"SELECT {AttemptColumns} FROM payment_attempts WHERE reference = @reference ORDER BY attempt DESC LIMIT 1",
            new { reference }
        );

    /// <summary>
    /// Open invoices of accounts with a card that are to be charged: at once when they are opened, and again with each reminder. Attempts
    /// without an answer do not count, but the next one waits until <paramref name="startedBefore"/>.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListToCharge(DbConnection db, long startedBefore) =>
        [.. await db.QueryAsync<string>($"SELECT i.id {ToCharge} ORDER BY i.id", new { startedBefore })];

    /// <summary>Whether <see cref="ListToCharge"/> has an invoice.</summary>
    public async Task<bool> IsToCharge(DbConnection db, string invoiceId, long startedBefore) =>
        await db.QuerySingleOrDefaultAsync<int?>($"SELECT 1 {ToCharge} AND i.id = @invoiceId", new { invoiceId, startedBefore })
            is not null;

    /// <summary>Takes an event; false when it was taken already.</summary>
    public async Task<bool> TakeEvent(DbConnection db, string id, long now) =>
        await db.ExecuteAsync("INSERT INTO payment_events (id, received_at) VALUES (@id, @now) ON CONFLICT DO NOTHING", new { id, now })
        == 1;

    public async Task<bool> IsTaken(DbConnection db, string id) =>
        await db.QuerySingleOrDefaultAsync<int?>("SELECT 1 FROM payment_events WHERE id = @id", new { id }) is not null;

    public Task<int> RemoveEventsBefore(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM payment_events WHERE id IN (SELECT id FROM payment_events WHERE received_at < @before ORDER BY received_at "
                + "LIMIT @limit)",
            new { before, limit }
        );
}
