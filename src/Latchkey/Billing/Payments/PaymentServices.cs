using System.Runtime.CompilerServices;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Billing.Payments;

/// <summary>Payment of invoices: by hand, or by Stripe when it is set up.</summary>
public static class PaymentServices
{
    /// <summary>Stripe sends an event for three days at most.</summary>
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);

    public static IServiceCollection AddPayments(this IServiceCollection services, InstallationSettings installation) =>
        services
            .AddSingleton<PaymentStore>()
            .AddSingleton<IPaymentProvider>(_ => installation.Stripe is { } stripe ? OpenStripe(stripe) : new PaymentByHand())
            .AddSingleton<CardRules>()
            .AddSingleton<ChargeRules>()
            .AddSingleton<PaymentEvents>()
            .AddRetention<PaymentStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveEventsBefore(db, run.Before(EventsKept), RetentionRun.BatchSize))
            );

    /// <summary>A method of its own, so that Stripe's library is loaded with the first payment only.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StripePayments OpenStripe(StripeSettings settings) => new(StripeConnection.Open(settings));
}
