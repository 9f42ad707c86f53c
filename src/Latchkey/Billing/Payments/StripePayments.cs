using System.Globalization;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Stripe;
using Stripe.Checkout;

namespace Latchkey.Billing.Payments;

/// <summary>
/// Cards at Stripe. A card is saved on a page of Stripe's, so its number never comes here. An invoice has one payment intent, which can
/// succeed once: later attempts confirm it again, so nothing is paid twice. Only one that was canceled is followed by another.
/// </summary>
/// <param name="client">For requests that are never sent twice by themselves; see <see cref="StripeConnection"/>.</param>
public sealed class StripePayments(StripeClient client) : IPaymentProvider
{
    public const string ProviderName = "stripe";
    private const string InvoiceKey = "latchkey_invoice";
    private const string AccountKey = "latchkey_account";
    private const string AuthenticationRequired = "authentication_required";
    private const string Canceled = "canceled";
    private const string NoCard = "No card was saved. Begin again.";
    private const int MaxListed = 100;
    private const int MaxIdLength = 255;

    public string Name => ProviderName;

    public bool ChargesCards => true;

    public Task<Result<HostedPage>> BeginSavingCard(Payer payer, Uri returnTo, CancellationToken stop) =>
        StripeConnection.Ask<HostedPage>(async () =>
        {
            var customer = payer.Customer ?? await CreateCustomer(payer, stop);
            var session = await client.V1.Checkout.Sessions.CreateAsync(
                new SessionCreateOptions
                {
                    Mode = "setup",
                    Customer = customer,
                    AllowedPaymentMethodTypes = ["card"],
                    SuccessUrl = $"{returnTo}?session={{CHECKOUT_SESSION_ID}}",
                    CancelUrl = returnTo.AbsoluteUri,
                },
                cancellationToken: stop
            );
            return new HostedPage(new Uri(session.Url), customer, session.Id);
        });

    public Task<Result<SavedCard>> FindSavedCard(string session, CancellationToken stop) =>
        StripeConnection.Ask<SavedCard>(async () =>
        {
            if (!IsId(session))
            {
                return Setting.Invalid(NoCard);
            }

            var found = await client.V1.Checkout.Sessions.GetAsync(
                session,
                new SessionGetOptions { Expand = ["setup_intent.payment_method"] },
                cancellationToken: stop
            );
            return found is { Status: "complete", SetupIntent: { Status: "succeeded", PaymentMethod: { Card: { } card } method } }
                ? new SavedCard(
                    found.CustomerId,
                    method.Id,
                    LabelOf(card),
                    new DateTimeOffset(found.Created, TimeSpan.Zero).ToUnixTimeMilliseconds()
                )
                : Setting.Invalid(NoCard);
        });

    public Task<Result<Done>> RemoveCard(SavedCard card, CancellationToken stop) =>
        StripeConnection.Ask<Done>(async () =>
        {
            try
            {
                await client.V1.PaymentMethods.DetachAsync(card.Method, cancellationToken: stop);
            }
            catch (StripeException e) when (e.StripeError?.Code == "resource_missing")
            {
                // it is gone, as wanted
            }

            return new Done();
        });

    public async Task<ChargeResult> Charge(ChargeRequest request, CancellationToken stop)
    {
        if (StripeAmount.Of(request.Amount).Failed(out var amount, out var refused))
        {
            return new ChargeResult.Declined(null, refused.Message);
        }

        return await StripeConnection.Charge(async () =>
            await FindIntent(request, stop) is { } intent
                ? await Retry(intent, request, stop)
                : await client.V1.PaymentIntents.CreateAsync(Describe(request, amount), Key(request), stop)
        );
    }

    public async Task<ChargeResult> Find(string reference, CancellationToken stop) =>
        IsId(reference)
            ? await StripeConnection.Charge(() => client.V1.PaymentIntents.GetAsync(reference, cancellationToken: stop))
            : new ChargeResult.Declined(null, "There is no such payment.");

    /// <summary>Whether a text that came from outside can be an id of Stripe's, before it becomes a part of an address.</summary>
    private static bool IsId(string text) =>
        text is { Length: > 0 and <= MaxIdLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>The same account gets the same customer, also when two requests come at once.</summary>
    private async Task<string> CreateCustomer(Payer payer, CancellationToken stop)
    {
        var customer = await client.V1.Customers.CreateAsync(
            new CustomerCreateOptions
            {
                Name = payer.Name,
                Email = payer.Email,
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [AccountKey] = payer.AccountId },
            },
            new RequestOptions { IdempotencyKey = $"latchkey-customer-{payer.AccountId}" },
            stop
        );
        return customer.Id;
    }

    /// <summary>
    /// The invoice's payment intent that can take or took the money; null for none. When the answer to an earlier attempt was lost, it is
    /// looked for: Stripe forgets idempotency keys after a day; it never forgets the intent.
    /// </summary>
    private async Task<PaymentIntent?> FindIntent(ChargeRequest request, CancellationToken stop)
    {
        if (request.Attempt == 1)
        {
            return null;
        }

        if (
            request.Reference is { } reference
            && await client.V1.PaymentIntents.GetAsync(reference, cancellationToken: stop) is { Status: not Canceled } known
        )
        {
            return known;
        }

        var intents = await client.V1.PaymentIntents.ListAsync(
            new PaymentIntentListOptions { Customer = request.Card.Customer, Limit = MaxListed },
            cancellationToken: stop
        );
        return intents.FirstOrDefault(intent =>
            intent.Status != Canceled && intent.Metadata.GetValueOrDefault(InvoiceKey) == request.InvoiceId
        );
    }

    /// <summary>Confirms the invoice's intent again, unless it needs nothing or waits for something else.</summary>
    private async Task<PaymentIntent> Retry(PaymentIntent intent, ChargeRequest request, CancellationToken stop) =>
        intent.Status is "requires_payment_method" or "requires_confirmation" or "requires_action"
            ? await client.V1.PaymentIntents.ConfirmAsync(
                intent.Id,
                new PaymentIntentConfirmOptions
                {
                    PaymentMethod = request.Card.Method,
                    OffSession = request.ReturnTo is null,
                    ReturnUrl = request.ReturnTo?.AbsoluteUri,
                },
                Key(request),
                stop
            )
            : intent;

    private static PaymentIntentCreateOptions Describe(ChargeRequest request, long amount) =>
        new()
        {
            Amount = amount,
            Currency = request.Amount.Currency.Code.ToLowerInvariant(),
            Customer = request.Card.Customer,
            PaymentMethod = request.Card.Method,
            AllowedPaymentMethodTypes = ["card"],
            Confirm = true,
            OffSession = request.ReturnTo is null,
            ReturnUrl = request.ReturnTo?.AbsoluteUri,
            Description = request.Number,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [InvoiceKey] = request.InvoiceId },
        };

    private static RequestOptions Key(ChargeRequest request) =>
        new() { IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"latchkey-{request.InvoiceId}-{request.Attempt}") };

    private static string LabelOf(PaymentMethodCard card) =>
        string.Create(CultureInfo.InvariantCulture, $"{card.Brand} •••• {card.Last4}, {card.ExpMonth:D2}/{card.ExpYear}");

    /// <summary>What an intent says about the money.</summary>
    internal static ChargeResult Read(PaymentIntent intent) =>
        intent.Status switch
        {
            "succeeded" when intent.AmountReceived >= intent.Amount => new ChargeResult.Paid(
                intent.Id,
                intent.Metadata.GetValueOrDefault(InvoiceKey, "")
            ),
            "requires_action" => new ChargeResult.ConfirmationNeeded(
                intent.Id,
                intent.NextAction?.RedirectToUrl?.Url is { } url ? new Uri(url) : null
            ),
            "requires_payment_method" when intent.LastPaymentError is { } error => ReadError(intent.Id, error),
            Canceled => new ChargeResult.Canceled(intent.Id),
            _ => new ChargeResult.Pending(intent.Id),
        };

    /// <summary>Why a card was not charged; Stripe's message is written for the payer.</summary>
    internal static ChargeResult ReadError(string? reference, StripeError error) =>
        reference is not null && (error.Code == AuthenticationRequired || error.DeclineCode == AuthenticationRequired)
            ? new ChargeResult.ConfirmationNeeded(reference, null)
            : new ChargeResult.Declined(reference, Strings.Truncate(error.Message ?? "The card was declined.", 300));
}
