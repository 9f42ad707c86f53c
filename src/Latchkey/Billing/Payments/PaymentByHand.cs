using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Billing.Payments;

/// <summary>Invoices are paid as they say, and the operator marks them as paid.</summary>
public sealed class PaymentByHand : IPaymentProvider
{
    private const string NoCards = "Cards cannot be charged here. Pay as the invoice says.";

    public string Name => "hand";

    public bool ChargesCards => false;

    public Task<Result<HostedPage>> BeginSavingCard(Payer payer, Uri returnTo, CancellationToken stop) =>
        Task.FromResult<Result<HostedPage>>(Setting.Invalid(NoCards));

    public Task<Result<SavedCard>> FindSavedCard(string session, CancellationToken stop) =>
        Task.FromResult<Result<SavedCard>>(Setting.Invalid(NoCards));

    public Task<Result<Done>> RemoveCard(SavedCard card, CancellationToken stop) => Task.FromResult<Result<Done>>(Setting.Invalid(NoCards));

    public Task<ChargeResult> Charge(ChargeRequest request, CancellationToken stop) =>
        Task.FromResult<ChargeResult>(new ChargeResult.Declined(null, NoCards));

    public Task<ChargeResult> Find(string reference, CancellationToken stop) =>
        Task.FromResult<ChargeResult>(new ChargeResult.Declined(null, NoCards));
}
