using Latchkey.Activity.Audit;
using Latchkey.Billing;
using Latchkey.Billing.Invoices;
using Latchkey.Billing.Payments;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Billing.Payments;

/// <summary>Invoices that are charged to cards, on a clock that the test moves, against a stand-in of Stripe.</summary>
public sealed class CardPaymentTests(ServerFixture servers) : IAsyncLifetime
{
    private static readonly Uri ReturnTo = new("https://auth.example.com/portal/billing");
    private FakeStripe stripe = null!;
    private BillingInstallation billing = null!;
    private string account = "";
    private string app = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ChargeRules Charges => billing.Get<ChargeRules>();

    public async ValueTask InitializeAsync()
    {
        stripe = await FakeStripe.Start();
        billing = await BillingInstallation.Create(
            servers,
            new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero),
            stripe: stripe.Settings
        );
        stripe.Clock = billing.Clock;
        var plan = await billing.CreatePlan("Pro", "EUR", ("month", "30"), ("taxRate", "19"));
        account = await billing.CreateAccount();
        app = await billing.CreateApp();
        await billing.Assign(account, app, plan);
    }

    public async ValueTask DisposeAsync()
    {
        await billing.DisposeAsync();
        await stripe.DisposeAsync();
    }

    [Fact]
    public async Task A_saved_card_pays_the_invoice_when_it_is_opened()
    {
        (await SaveCard(FakeStripe.Good)).Label.ShouldBe("visa •••• 4242, 07/2034");
        var invoice = await OpenInvoice();
        invoice.Status.ShouldBe("paid");
        var payment = (await billing.Get<InvoiceRules>().PaymentOf(invoice)).ShouldNotBeNull();
        payment.Method.ShouldBe("stripe");
        payment.Amount.ShouldBe(3570);
        payment.Reference.ShouldBe((string)stripe.PaymentIntents.ShouldHaveSingleItem()["id"]!);
        await billing.Run();
        stripe.PaymentIntents.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Without_a_card_nothing_is_charged()
    {
        (await OpenInvoice()).Status.ShouldBe("open");
        stripe.Requests.ShouldBeEmpty();
        (await Charges.Charge((await TheInvoice()).Id, ReturnTo, BillingInstallation.By, Stop)).Error!.Message.ShouldBe(
            "No card is saved."
        );
    }

    [Fact]
    public async Task A_card_of_another_account_is_refused()
    {
        var other = await billing.CreateAccount("Other");
        var cards = billing.Get<CardRules>();
        var page = (await cards.BeginSaving(other, ReturnTo, Stop)).Value!;
        await cards.BeginSaving(account, ReturnTo, Stop);
        stripe.EnterCard(page.Session, FakeStripe.Good);
        (await cards.CompleteSaving(account, page.Session, BillingInstallation.By, Stop)).Error.ShouldNotBeNull();
        (await cards.Find(account)).ShouldBeNull();
        (await cards.CompleteSaving(other, page.Session, BillingInstallation.By, Stop)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_declined_card_is_tried_again_with_each_reminder_and_the_applications_are_suspended_after_the_last()
    {
        await SaveCard(FakeStripe.Declined);
        var invoice = await OpenInvoice();
        (await Attempts(invoice)).ShouldBe(["declined"]);
        await billing.Run();
        (await Attempts(invoice)).ShouldBe(["declined"], "once until the next reminder");
        foreach (var day in (int[])[16, 23, 30])
        {
            billing.GoTo(2026, 10, day, 12);
            await billing.Run(); // reminds
            billing.Clock.Advance(TimeSpan.FromHours(1.5));
            await billing.Run(); // charges again
        }

        (await Attempts(invoice)).Count.ShouldBe(4);
        (await Status()).ShouldBe("suspended");
        (await Charges.LastAttempt(invoice.Id))!.Reason.ShouldBe("Your card has insufficient funds.");
        stripe.PaymentIntents.ShouldHaveSingleItem();

        await SaveCard(FakeStripe.Good);
        (await Charges.Charge(invoice.Id, ReturnTo, BillingInstallation.By, Stop)).Value.ShouldBeOfType<ChargeResult.Paid>();
        await billing.Run();
        (await Status()).ShouldBe("active");
    }

    [Fact]
    public async Task A_payment_that_the_bank_wants_confirmed_is_paid_by_the_event()
    {
        await SaveCard(FakeStripe.AsksToConfirm);
        var invoice = await OpenInvoice();
        (await Attempts(invoice)).ShouldBe(["confirm"]);
        billing.Clock.Advance(TimeSpan.FromHours(2));
        var asked = (await Charges.Charge(invoice.Id, ReturnTo, BillingInstallation.By, Stop)).Value;
        var confirmation = asked.ShouldBeOfType<ChargeResult.ConfirmationNeeded>();
        confirmation.Url.ShouldNotBeNull();
        var early = stripe.Event("payment_intent.requires_action", confirmation.Reference);
        stripe.Confirm(confirmation.Reference);
        var late = stripe.Event("payment_intent.succeeded", confirmation.Reference);

        await Take(late);
        (await TheInvoice()).Status.ShouldBe("paid");
        await Take(early); // an older event comes later
        await Take(late); // and the newer one again
        (await TheInvoice()).Status.ShouldBe("paid");
        (await Attempts(invoice)).ShouldBe(["confirm", "paid"]);
        (await billing.Installation.Query<long>("SELECT COUNT(*) FROM payments")).ShouldBe(1);
        (await billing.Installation.Query<long>("SELECT COUNT(*) FROM payment_events")).ShouldBe(2);
    }

    [Fact]
    public async Task An_event_that_comes_twice_at_once_counts_once()
    {
        await SaveCard(FakeStripe.AsksToConfirm);
        await OpenInvoice();
        var intent = (string)stripe.PaymentIntents.Single()["id"]!;
        stripe.Confirm(intent);
        var succeeded = stripe.Event("payment_intent.succeeded", intent);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Take(succeeded)));
        (await billing.Installation.Query<long>("SELECT COUNT(*) FROM payments")).ShouldBe(1);
        (await TheInvoice()).Status.ShouldBe("paid");
    }

    [Fact]
    public async Task An_event_is_asked_for_again_while_stripe_does_not_answer()
    {
        await SaveCard(FakeStripe.AsksToConfirm);
        await OpenInvoice();
        var intent = (string)stripe.PaymentIntents.Single()["id"]!;
        stripe.Confirm(intent);
        var succeeded = stripe.Event("payment_intent.succeeded", intent);
        stripe.EnqueueResponse(500, "{}");
        (await Events.Take(Parse(succeeded), Stop)).Error!.HttpStatus.ShouldBe(503);
        (await TheInvoice()).Status.ShouldBe("open");
        await Take(succeeded);
        (await TheInvoice()).Status.ShouldBe("paid");
    }

    [Fact]
    public async Task An_answer_that_was_lost_takes_the_money_once()
    {
        await SaveCard(FakeStripe.Good);
        stripe.EnqueueLostAnswer();
        var invoice = await OpenInvoice();
        invoice.Status.ShouldBe("open");
        (await Attempts(invoice)).ShouldBe(["unknown"]);
        billing.Clock.Advance(TimeSpan.FromHours(1.1));
        await billing.Run();
        (await TheInvoice()).Status.ShouldBe("paid");
        stripe.PaymentIntents.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task After_a_lost_answer_the_next_payment_waits_until_stripe_has_ended_with_the_first()
    {
        await SaveCard(FakeStripe.Good);
        stripe.EnqueueResponse(500, "{}"); // Stripe may still be working on it, and lists no intent yet
        var invoice = await OpenInvoice();
        stripe.Requests.Clear();
        billing.Clock.Advance(TimeSpan.FromMinutes(1.9));
        (await Charges.Charge(invoice.Id, ReturnTo, BillingInstallation.By, Stop)).Error!.Message.ShouldBe(
            "A payment of this invoice is under way. Look again in two minutes."
        );
        (await Charges.Charge(invoice.Id, null, BillingInstallation.By, Stop)).Error.ShouldNotBeNull();
        stripe.Requests.ShouldBeEmpty();
        billing.Clock.Advance(TimeSpan.FromMinutes(0.2));
        (await Charges.Charge(invoice.Id, null, BillingInstallation.By, Stop)).Error.ShouldNotBeNull("a run waits for an hour");
        (await Charges.Charge(invoice.Id, ReturnTo, BillingInstallation.By, Stop)).Value.ShouldBeOfType<ChargeResult.Paid>();
    }

    [Fact]
    public async Task A_run_with_an_older_list_does_not_present_a_declined_card_again()
    {
        await SaveCard(FakeStripe.Declined);
        var invoice = await OpenInvoice();
        stripe.Requests.Clear();
        billing.Clock.Advance(TimeSpan.FromHours(2));
        (await Charges.Charge(invoice.Id, null, BillingInstallation.By, Stop)).Error!.Message.ShouldBe(
            "The invoice is not to be charged now."
        );
        (await Attempts(invoice)).ShouldBe(["declined"]);
        stripe.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_event_of_a_payment_whose_answer_was_lost_pays_the_invoice()
    {
        await SaveCard(FakeStripe.Good);
        stripe.EnqueueLostAnswer();
        await OpenInvoice();
        await Take(stripe.Event("payment_intent.succeeded", (string)stripe.PaymentIntents.Single()["id"]!));
        (await TheInvoice()).Status.ShouldBe("paid");
    }

    [Fact]
    public async Task An_invoice_whose_payment_was_canceled_is_paid_by_another()
    {
        await SaveCard(FakeStripe.AsksToConfirm);
        var invoice = await OpenInvoice();
        await SaveCard(FakeStripe.Good);
        var canceled = (string)stripe.PaymentIntents.ShouldHaveSingleItem()["id"]!;
        stripe.Cancel(canceled);
        stripe.EnqueueResponse(500, "{}");
        (await Charges.Charge(invoice.Id, ReturnTo, BillingInstallation.By, Stop)).Value.ShouldBeOfType<ChargeResult.Unknown>();
        await Take(stripe.Event("payment_intent.canceled", canceled));
        (await Attempts(invoice)).ShouldBe(["confirm", "unknown"], "the second may have made another charge");

        billing.Clock.Advance(TimeSpan.FromMinutes(2));
        (await Charges.Charge(invoice.Id, ReturnTo, BillingInstallation.By, Stop)).Value.ShouldBeOfType<ChargeResult.Paid>();
        (await TheInvoice()).Status.ShouldBe("paid");
        await Take(stripe.Event("payment_intent.canceled", canceled));
        (await Attempts(invoice)).ShouldBe(["confirm", "declined", "paid"]);
    }

    [Fact]
    public async Task Two_payments_of_one_invoice_at_once_are_one()
    {
        await SaveCard(FakeStripe.AsksToConfirm);
        var invoice = await OpenInvoice();
        await SaveCard(FakeStripe.Good);
        billing.Clock.Advance(TimeSpan.FromHours(2));
        var results = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Charges.Charge(invoice.Id, ReturnTo, BillingInstallation.By, Stop))
        );
        results.Count(result => result.Value is ChargeResult.Paid).ShouldBe(1);
        stripe.PaymentIntents.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Money_that_came_twice_is_named_in_the_log()
    {
        await SaveCard(FakeStripe.AsksToConfirm);
        var invoice = await OpenInvoice();
        var intent = (string)stripe.PaymentIntents.ShouldHaveSingleItem()["id"]!;
        var byHand = new Payment { Reference = "bank transfer 7" };
        (await billing.Get<InvoiceRules>().Pay(invoice.Id, byHand, BillingInstallation.By)).Succeeded.ShouldBeTrue();
        using var log = new LogLines();
        billing.Get<ILoggerFactory>().AddProvider(log);
        stripe.Confirm(intent);
        await Take(stripe.Event("payment_intent.succeeded", intent));
        log.Lines.ShouldContain(
            $"Error: Payment {intent} was taken for invoice {invoice.Number}, but: The invoice is paid, so it cannot be paid. "
                + "Give the money back."
        );
    }

    [Fact]
    public async Task A_payment_that_is_told_again_is_no_second_one()
    {
        await SaveCard(FakeStripe.Good);
        await OpenInvoice();
        using var log = new LogLines();
        billing.Get<ILoggerFactory>().AddProvider(log);
        await Take(stripe.Event("payment_intent.succeeded", (string)stripe.PaymentIntents.ShouldHaveSingleItem()["id"]!));
        log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_that_was_entered_is_saved_by_the_event_too()
    {
        var page = (await billing.Get<CardRules>().BeginSaving(account, ReturnTo, Stop)).Value!;
        stripe.EnterCard(page.Session, FakeStripe.Good);
        await Take(stripe.Event("checkout.session.completed", page.Session));
        (await billing.Get<CardRules>().Find(account))!.Label.ShouldStartWith("visa");
    }

    [Fact]
    public async Task A_removed_card_is_gone_here_and_there()
    {
        var card = await SaveCard(FakeStripe.Good);
        (await billing.Get<CardRules>().Remove(account, BillingInstallation.By, Stop)).Succeeded.ShouldBeTrue();
        (await billing.Get<CardRules>().Find(account)).ShouldBeNull();
        stripe.Requests.ShouldContain($"POST /v1/payment_methods/{card.Method}/detach");
        (await OpenInvoice()).Status.ShouldBe("open");
    }

    [Fact]
    public async Task A_late_event_brings_no_older_card_back()
    {
        var cards = billing.Get<CardRules>();
        var old = (await cards.BeginSaving(account, ReturnTo, Stop)).Value!.Session;
        stripe.EnterCard(old, FakeStripe.Declined);
        billing.Clock.Advance(TimeSpan.FromMinutes(1));
        var card = await SaveCard(FakeStripe.Good);
        await Take(stripe.Event("checkout.session.completed", old));
        (await cards.Find(account)).ShouldBe(card);
        (await cards.CompleteSaving(account, old, BillingInstallation.By, Stop)).Error!.Message.ShouldBe(
            "Another card was saved or removed since. Begin again."
        );
    }

    [Fact]
    public async Task A_late_event_brings_no_card_back_after_the_removal_and_a_new_one_can_be_saved()
    {
        var cards = billing.Get<CardRules>();
        await SaveCard(FakeStripe.Good);
        billing.Clock.Advance(TimeSpan.FromMinutes(1));
        var left = (await cards.BeginSaving(account, ReturnTo, Stop)).Value!.Session;
        stripe.EnterCard(left, FakeStripe.Good);
        billing.Clock.Advance(TimeSpan.FromMinutes(1));
        (await cards.Remove(account, BillingInstallation.By, Stop)).Succeeded.ShouldBeTrue();
        await Take(stripe.Event("checkout.session.completed", left));
        (await cards.Find(account)).ShouldBeNull();

        billing.Clock.Advance(TimeSpan.FromMilliseconds(400));
        (await SaveCard(FakeStripe.Good)).ShouldBe(await cards.Find(account));
    }

    [Fact]
    public async Task A_card_that_is_replaced_is_gone_at_stripe()
    {
        var old = await SaveCard(FakeStripe.Good);
        var card = await SaveCard(FakeStripe.AsksToConfirm);
        stripe.Requests.ShouldContain($"POST /v1/payment_methods/{old.Method}/detach");
        stripe.Requests.ShouldNotContain($"POST /v1/payment_methods/{card.Method}/detach");
    }

    [Fact]
    public async Task A_replaced_card_that_stripe_keeps_does_not_hold_up_the_new_one()
    {
        var old = await SaveCard(FakeStripe.Good);
        using var log = new LogLines();
        billing.Get<ILoggerFactory>().AddProvider(log);
        stripe.FailsToDetach = true;
        (await SaveCard(FakeStripe.AsksToConfirm)).ShouldBe(await billing.Get<CardRules>().Find(account));
        log.Lines.ShouldContain(line => line.StartsWith($"Warning: The card {old.Method} was replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_charge_of_somebody_elses_changes_nothing()
    {
        await SaveCard(FakeStripe.Good);
        var foreign = stripe.CreateForeignPayment();
        await Take(stripe.Event("payment_intent.succeeded", foreign));
        (await OpenInvoice()).Status.ShouldBe("paid");
        (await billing.Installation.Query<long>("SELECT COUNT(*) FROM payments")).ShouldBe(1);
    }

    private PaymentEvents Events => billing.Get<PaymentEvents>();

    private static StripeEvent Parse(string body) => StripeEvent.Parse(System.Text.Encoding.UTF8.GetBytes(body)).Value!;

    private async Task Take(string body) => (await Events.Take(Parse(body), Stop)).Succeeded.ShouldBeTrue();

    private async Task<SavedCard> SaveCard(string lastFour)
    {
        var cards = billing.Get<CardRules>();
        var page = (await cards.BeginSaving(account, ReturnTo, Stop)).Value!;
        stripe.EnterCard(page.Session, lastFour);
        return (await cards.CompleteSaving(account, page.Session, BillingInstallation.By, Stop)).Value!;
    }

    /// <summary>The invoice of September, opened on the first of October.</summary>
    private async Task<Invoice> OpenInvoice()
    {
        stripe.Requests.Clear();
        billing.GoTo(2026, 10, 1, 12);
        await billing.Run();
        return await TheInvoice();
    }

    private async Task<Invoice> TheInvoice() => (await billing.Get<InvoiceRules>().List(account, null))[^1];

    private async Task<IReadOnlyList<string>> Attempts(Invoice invoice) =>
        [
            .. (await billing.Database.Read(db => billing.Get<PaymentStore>().ListAttempts(db, invoice.Id))).Select(attempt =>
                attempt.Status
            ),
        ];

    private Task<string> Status() => billing.Installation.Query<string>("SELECT status FROM applications WHERE id = @app", new { app });
}
