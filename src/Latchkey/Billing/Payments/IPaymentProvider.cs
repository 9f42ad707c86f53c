using Latchkey.Core;

namespace Latchkey.Billing.Payments;

/// <summary>
/// A way to get the money of invoices: <see cref="PaymentByHand"/>, or <see cref="StripePayments"/>. It holds no state and no rule about
/// invoices; the caller stores what it answers.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>As stored with payments: <c>hand</c>, <c>stripe</c>.</summary>
    string Name { get; }

    /// <summary>Whether cards can be saved and charged.</summary>
    bool ChargesCards { get; }

    /// <summary>Begins saving a card; the person goes to a page of the provider.</summary>
    /// <param name="payer">Whose card it is.</param>
    /// <param name="returnTo">Where the provider sends the person back to.</param>
    Task<Result<HostedPage>> BeginSavingCard(Payer payer, Uri returnTo, CancellationToken stop);

    /// <summary>The card that was saved on a page of the provider; refused while the person has not finished.</summary>
    /// <param name="session">The id in <see cref="HostedPage"/>.</param>
    Task<Result<SavedCard>> FindSavedCard(string session, CancellationToken stop);

    /// <summary>Forgets a card. One that the provider does not know any more counts as forgotten.</summary>
    Task<Result<Done>> RemoveCard(SavedCard card, CancellationToken stop);

    /// <summary>
    /// Charges an invoice to a saved card. The same request has the same answer and takes the money once, however often it is sent.
    /// </summary>
    Task<ChargeResult> Charge(ChargeRequest request, CancellationToken stop);

    /// <summary>Where an earlier charge stands now.</summary>
    /// <param name="reference">The charge's reference at the provider.</param>
    Task<ChargeResult> Find(string reference, CancellationToken stop);
}
