using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Billing.Invoices;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Payments;

/// <summary>
/// Charges invoices to cards. An attempt is written down before the provider is asked, one at a time for an invoice; a paid invoice is
/// marked at once, or when the provider's event tells.
/// </summary>
public sealed partial class ChargeRules(
    Database database,
    PaymentStore store,
    InvoiceStore invoiceStore,
    InvoiceRules invoices,
    IPaymentProvider provider,
    ILogger<ChargeRules> log,
    TimeProvider clock
)
{
    /// <summary>Longer than the provider works on a request at most, also on one whose answer was lost.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenUnanswered = TimeSpan.FromHours(1);

    /// <summary>The ids of the invoices that are due to be charged, while nobody is there to confirm a payment.</summary>
    public async Task<IReadOnlyList<string>> ListToCharge() =>
        provider.ChargesCards ? await database.Read(db => store.ListToCharge(db, ChargedAgainBefore)) : [];

    /// <summary>Charges an invoice to the account's card.</summary>
    /// <param name="returnTo">Where a person comes back to after confirming; null when nobody is there.</param>
    public async Task<Result<ChargeResult>> Charge(string invoiceId, Uri? returnTo, Actor actor, CancellationToken stop)
    {
        if ((await database.Write(db => Begin(db, invoiceId, returnTo))).Failed(out var request, out var error))
        {
            return error;
        }

        var result = await provider.Charge(request, stop);
        await Apply(request.InvoiceId, request.Attempt, result, actor);
        return result;
    }

    /// <summary>Asks the provider where the last attempt stands, and takes it over: after a person came back, or after an event.</summary>
    /// <param name="reference">The charge's reference at the provider.</param>
    public async Task<ChargeResult> Refresh(string reference, Actor actor, CancellationToken stop)
    {
        var result = await provider.Find(reference, stop);
        if (await database.Read(db => store.FindByReference(db, reference)) is { } attempt)
        {
            // An attempt that is under way makes another charge in place of the canceled one.
            if (result is not ChargeResult.Canceled || !IsUnderWay(attempt, clock.Now()))
            {
                await Apply(attempt.InvoiceId, attempt.Attempt, result, actor);
            }
        }
        else if (result is ChargeResult.Paid { InvoiceId.Length: > 0 } paid)
        {
            await Pay(paid, paid.InvoiceId, actor); // the answer that named the reference was lost
        }

        return result;
    }

    /// <summary>The last attempt of an invoice; null for none.</summary>
    public async Task<PaymentAttempt?> LastAttempt(string invoiceId) =>
        await database.Read(db => store.ListAttempts(db, invoiceId)) is [.., var last] ? last : null;

    /// <summary>While nobody is there, an invoice whose last attempt started later than this is left alone.</summary>
    private long ChargedAgainBefore => clock.Now() - (long)BetweenUnanswered.TotalMilliseconds;

    private async Task<Result<ChargeRequest>> Begin(DbConnection db, string invoiceId, Uri? returnTo)
    {
        if (
            await invoiceStore.FindForUpdate(db, invoiceId) is not { IsCreditNote: false, Number: { } number } invoice
            || !(invoice.Is(InvoiceStatus.Open) || invoice.Is(InvoiceStatus.Uncollectible))
        )
        {
            return Setting.Invalid("Only an open invoice can be paid.");
        }

        if ((await store.FindCard(db, invoice.AccountId))?.Card is not { } card)
        {
            return Setting.Invalid("No card is saved.");
        }

        if (returnTo is null && !await store.IsToCharge(db, invoice.Id, ChargedAgainBefore))
        {
            return Setting.Invalid("The invoice is not to be charged now."); // another run charged it after the list was read
        }

        var (attempts, now) = (await store.ListAttempts(db, invoiceId), clock.Now());
        var last = attempts is [.., var newest] ? newest : null;
        if (last is not null && IsUnderWay(last, now))
        {
            return Setting.Invalid("A payment of this invoice is under way. Look again in two minutes.");
        }

        var attempt = new PaymentAttempt
        {
            InvoiceId = invoiceId,
            Attempt = (last?.Attempt ?? 0) + 1,
            Status = PaymentAttemptStatus.Started.ToName(),
            Reference = attempts.Select(one => one.Reference).LastOrDefault(known => known is not null),
            StartedAt = now,
        };
        await store.InsertAttempt(db, attempt);
        return new ChargeRequest
        {
            InvoiceId = invoiceId,
            Number = number,
            Attempt = attempt.Attempt,
            Amount = invoice.TotalMoney,
            Card = card,
            Reference = attempt.Reference,
            ReturnTo = returnTo,
        };
    }

    /// <summary>Whether the provider may still work on an attempt, so that another one could take the money a second time.</summary>
    private static bool IsUnderWay(PaymentAttempt attempt, long now) =>
        (attempt.Is(PaymentAttemptStatus.Started) || attempt.Is(PaymentAttemptStatus.Unknown))
        && attempt.StartedAt > now - (long)UnderWay.TotalMilliseconds;

    /// <summary>The payment first: a node killed between the two is asked again, and a paid invoice stays paid.</summary>
    private async Task Apply(string invoiceId, int attempt, ChargeResult result, Actor actor)
    {
        if (result is ChargeResult.Paid paid)
        {
            await Pay(paid, invoiceId, actor);
        }

        if (result is ChargeResult.Unknown { Cause: var cause })
        {
            LogUnknown(log, invoiceId, cause);
        }

        var (status, reference, reason) = result switch
        {
            ChargeResult.Paid done => (PaymentAttemptStatus.Paid, done.Reference, ""),
            ChargeResult.Pending waiting => (PaymentAttemptStatus.Pending, waiting.Reference, ""),
            ChargeResult.ConfirmationNeeded asked => (PaymentAttemptStatus.Confirm, asked.Reference, ""),
            ChargeResult.Declined declined => (PaymentAttemptStatus.Declined, declined.Reference, declined.Reason),
            ChargeResult.Canceled canceled => (PaymentAttemptStatus.Declined, canceled.Reference, "The payment was canceled at Stripe."),
            ChargeResult.Unknown unknown => (PaymentAttemptStatus.Unknown, null, unknown.Cause),
            _ => throw new InvalidOperationException($"{result.GetType().Name} is no result of a charge"),
        };
        await database.Write(db =>
            store.UpdateAttempt(
                db,
                new PaymentAttempt
                {
                    InvoiceId = invoiceId,
                    Attempt = attempt,
                    Status = status.ToName(),
                    Reference = reference,
                    Reason = reason,
                }
            )
        );
    }

    /// <summary>
    /// Marks the invoice as paid. Where it cannot be, because it is void or was paid in another way, the money was taken for nothing. A
    /// payment that is known already is told again by each event, and is no such case.
    /// </summary>
    private async Task Pay(ChargeResult.Paid paid, string invoiceId, Actor actor)
    {
        var payment = new Payment { Method = provider.Name, Reference = paid.Reference };
        if (!(await invoices.Pay(invoiceId, payment, actor)).Failed(out _, out var refused))
        {
            return;
        }

        var (invoice, taken) = await database.Read(async db =>
            (await invoiceStore.Find(db, invoiceId), await invoiceStore.FindPayment(db, invoiceId))
        );
        if (invoice is not null && (taken?.Method, taken?.Reference) != (payment.Method, payment.Reference))
        {
            LogNotTaken(log, paid.Reference, invoice.Number, refused.Message);
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "The charge of invoice {InvoiceId} has no answer and will be tried again: {Cause}")]
    private static partial void LogUnknown(ILogger log, string invoiceId, string cause);

    [LoggerMessage(1, LogLevel.Error, "Payment {Reference} was taken for invoice {Number}, but: {Reason} Give the money back.")]
    private static partial void LogNotTaken(ILogger log, string reference, string? number, string reason);
}
