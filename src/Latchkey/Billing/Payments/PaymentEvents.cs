using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Payments;

/// <summary>
/// Takes the events of Stripe's webhook. An event only says where to look: its object is asked of Stripe, so events that come late, twice
/// or in another order lead to the same.
/// </summary>
public sealed class PaymentEvents(
    Database database,
    PaymentStore store,
    ChargeRules charges,
    CardRules cards,
    IPaymentProvider provider,
    TimeProvider clock
)
{
    private static readonly Actor Actor = new("stripe", "");

    /// <summary>An error asks Stripe to send the event again.</summary>
    public async Task<Result<Done>> Take(StripeEvent received, CancellationToken stop)
    {
        if (await database.Read(db => store.IsTaken(db, received.Id)))
        {
            return new Done();
        }

        if (received.Type == StripeEvent.CardSaved)
        {
            var found = await provider.FindSavedCard(received.ObjectId, stop);
            if (found.Error is { HttpStatus: >= 500 } error)
            {
                return error;
            }

            if (found.Value is { } card)
            {
                await cards.Take(card);
            }
        }
        else if (received.IsAboutPayment && await charges.Refresh(received.ObjectId, Actor, stop) is ChargeResult.Unknown unknown)
        {
            return ErrorCodes.ServerBusy.WithCause(unknown.Cause);
        }

        await database.Write(db => store.TakeEvent(db, received.Id, clock.Now()));
        return new Done();
    }
}
