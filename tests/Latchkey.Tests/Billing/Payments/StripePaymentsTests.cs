using Latchkey.Billing;
using Latchkey.Billing.Payments;
using Latchkey.Core;

namespace Latchkey.Tests.Billing.Payments;

/// <summary>The client of Stripe against <see cref="FakeStripe"/>. It was never run against the real service.</summary>
public sealed class StripePaymentsTests : IAsyncLifetime
{
    private static readonly Uri ReturnTo = new("https://auth.example.com/portal/billing");
    private FakeStripe stripe = null!;
    private StripePayments payments = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        stripe = await FakeStripe.Start();
        payments = new StripePayments(StripeConnection.Open(stripe.Settings));
    }

    public ValueTask DisposeAsync() => stripe.DisposeAsync();

    [Fact]
    public async Task A_card_is_saved_on_a_page_of_stripe()
    {
        var page = (await payments.BeginSavingCard(new Payer("acc", "Ana Lima", "ana@lima.example", null), ReturnTo, Stop)).Value!;
        page.Url.Host.ShouldBe("checkout.stripe.com");
        (await payments.FindSavedCard(page.Session, Stop)).Error!.Message.ShouldBe("No card was saved. Begin again.");
        stripe.EnterCard(page.Session, FakeStripe.Good);
        var card = (await payments.FindSavedCard(page.Session, Stop)).Value!;
        card.Customer.ShouldBe(page.Customer);
        card.Label.ShouldBe("visa •••• 4242, 07/2034");
    }

    [Fact]
    public async Task An_account_has_one_customer_also_when_it_begins_twice_at_once()
    {
        var payer = new Payer("acc", "Ana Lima", "ana@lima.example", null);
        var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => payments.BeginSavingCard(payer, ReturnTo, Stop)));
        pages.Select(page => page.Value!.Customer).Distinct().Count().ShouldBe(1);
        var later = await payments.BeginSavingCard(payer with { Customer = pages[0].Value!.Customer }, ReturnTo, Stop);
        later.Value!.Customer.ShouldBe(pages[0].Value!.Customer);
    }

    [Fact]
    public async Task A_removed_card_can_be_removed_again()
    {
        var card = await Save(FakeStripe.Good);
        (await payments.RemoveCard(card, Stop)).Succeeded.ShouldBeTrue();
        (await payments.RemoveCard(card, Stop)).Succeeded.ShouldBeTrue();
        (await payments.Charge(Invoice(card), Stop)).ShouldBeOfType<ChargeResult.Declined>().Reason.ShouldContain("No such object");
    }

    [Fact]
    public async Task A_charge_takes_the_amount_once_however_often_it_is_sent()
    {
        var card = await Save(FakeStripe.Good);
        var paid = (await payments.Charge(Invoice(card), Stop)).ShouldBeOfType<ChargeResult.Paid>();
        (await payments.Charge(Invoice(card), Stop)).ShouldBe(paid);
        (await payments.Charge(Invoice(card) with { Attempt = 2 }, Stop)).ShouldBe(paid);
        (await payments.Charge(Invoice(card) with { Attempt = 3, Reference = paid.Reference }, Stop)).ShouldBe(paid);
        (await payments.Find(paid.Reference, Stop)).ShouldBe(paid);
        paid.InvoiceId.ShouldBe("invoice-1");
        var intent = stripe.PaymentIntents.ShouldHaveSingleItem();
        ((long)intent["amount_received"]!).ShouldBe(1190);
        ((string)intent["currency"]!).ShouldBe("eur");
        ((string)intent["description"]!).ShouldBe("INV-000042");
    }

    [Fact]
    public async Task Less_than_stripe_takes_is_not_sent_there()
    {
        var card = await Save(FakeStripe.Good);
        stripe.Requests.Clear();
        (await payments.Charge(Invoice(card) with { Amount = new Money(49, Eur) }, Stop)).ShouldBe(
            new ChargeResult.Declined(null, "Stripe does not take less than 0.50 EUR. Pay as the invoice says.")
        );
        stripe.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_for_another_request_is_refused_and_not_charged()
    {
        var card = await Save(FakeStripe.Good);
        await payments.Charge(Invoice(card), Stop);
        var other = Invoice(card) with { Amount = new Money(5000, Eur) };
        (await payments.Charge(other, Stop)).ShouldBeOfType<ChargeResult.Declined>().Reason.ShouldContain("same parameters");
    }

    [Fact]
    public async Task A_declined_card_is_told_in_stripes_words_and_a_better_one_pays()
    {
        var poor = await Save(FakeStripe.Declined);
        var declined = (await payments.Charge(Invoice(poor), Stop)).ShouldBeOfType<ChargeResult.Declined>();
        declined.Reason.ShouldBe("Your card has insufficient funds.");
        (await payments.Find(declined.Reference!, Stop)).ShouldBe(declined);
        var retry = Invoice(await Save(FakeStripe.Good)) with { Attempt = 2, Reference = declined.Reference };
        (await payments.Charge(retry, Stop)).ShouldBeOfType<ChargeResult.Paid>().Reference.ShouldBe(declined.Reference);
        stripe.PaymentIntents.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_canceled_payment_is_followed_by_another_that_is_made_once()
    {
        var declined = (await payments.Charge(Invoice(await Save(FakeStripe.Declined)), Stop)).ShouldBeOfType<ChargeResult.Declined>();
        stripe.Cancel(declined.Reference!);
        (await payments.Find(declined.Reference!, Stop)).ShouldBe(new ChargeResult.Canceled(declined.Reference!));
        var second = Invoice(await Save(FakeStripe.Good)) with { Attempt = 2, Reference = declined.Reference };
        var paid = (await payments.Charge(second, Stop)).ShouldBeOfType<ChargeResult.Paid>();
        paid.Reference.ShouldNotBe(declined.Reference);
        (await payments.Charge(second with { Attempt = 3 }, Stop)).ShouldBe(paid, "also when the second answer was lost");
        (await payments.Charge(second with { Attempt = 4, Reference = null }, Stop)).ShouldBe(paid, "and when both were");
        stripe.PaymentIntents.Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_bank_that_asks_gets_the_person_and_then_the_charge_is_paid()
    {
        var card = await Save(FakeStripe.AsksToConfirm);
        var absent = (await payments.Charge(Invoice(card), Stop)).ShouldBeOfType<ChargeResult.ConfirmationNeeded>();
        absent.Url.ShouldBeNull();
        var present = Invoice(card) with { Attempt = 2, Reference = absent.Reference, ReturnTo = ReturnTo };
        var asked = (await payments.Charge(present, Stop)).ShouldBeOfType<ChargeResult.ConfirmationNeeded>();
        asked.Url!.Host.ShouldBe("hooks.stripe.com");
        asked.Reference.ShouldBe(absent.Reference);
        stripe.Confirm(asked.Reference);
        (await payments.Find(asked.Reference, Stop)).ShouldBeOfType<ChargeResult.Paid>();
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_and_the_next_attempt_finds_the_payment()
    {
        var card = await Save(FakeStripe.Good);
        stripe.EnqueueLostAnswer();
        (await payments.Charge(Invoice(card), Stop)).ShouldBeOfType<ChargeResult.Unknown>();
        (await payments.Charge(Invoice(card) with { Attempt = 2 }, Stop)).ShouldBeOfType<ChargeResult.Paid>();
        stripe.PaymentIntents.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(409)]
    public async Task A_failure_of_stripe_is_unknown_and_asked_once(int status)
    {
        var card = await Save(FakeStripe.Good);
        stripe.Requests.Clear();
        stripe.EnqueueResponse(status, """{"error":{"type":"api_error","message":"Something went wrong on Stripe's end."}}""");
        (await payments.Charge(Invoice(card), Stop)).ShouldBeOfType<ChargeResult.Unknown>().Cause.ShouldStartWith($"{status}");
        stripe.Requests.ShouldBe(["POST /v1/payment_intents"]);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(502)]
    public async Task An_answer_that_is_no_json_is_unknown(int status)
    {
        var card = await Save(FakeStripe.Good);
        stripe.EnqueueResponse(status, "<html>a proxy's page</html>");
        (await payments.Charge(Invoice(card), Stop)).ShouldBeOfType<ChargeResult.Unknown>();
    }

    [Fact]
    public async Task Without_stripe_a_charge_is_unknown_and_a_page_says_try_again()
    {
        var card = await Save(FakeStripe.Good);
        await stripe.DisposeAsync();
        (await payments.Charge(Invoice(card), Stop)).ShouldBeOfType<ChargeResult.Unknown>();
        var page = await payments.BeginSavingCard(new Payer("acc", "Ana", "ana@lima.example", null), ReturnTo, Stop);
        page.Error!.Message.ShouldBe("Stripe did not answer. Try again in a minute.");
    }

    [Fact]
    public async Task A_wrong_key_is_refused_with_stripes_words_and_not_with_the_key()
    {
        var settings = stripe.Settings with { SecretKey = "sk_test_wrong" };
        var wrong = new StripePayments(StripeConnection.Open(settings));
        var page = await wrong.BeginSavingCard(new Payer("acc", "Ana", "ana@lima.example", null), ReturnTo, Stop);
        page.Error!.Message.ShouldBe("Stripe refused: Invalid API Key provided: sk_test_****");
        (await wrong.Charge(Invoice(await Save(FakeStripe.Good)), Stop))
            .ShouldBeOfType<ChargeResult.Unknown>()
            .Cause.ShouldStartWith("401");
        settings.ToString().ShouldNotContain("sk_test");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("../customers/cus_1")]
    [InlineData("cs_1?expand[]=customer")]
    [InlineData("cs_1/expire")]
    public async Task What_is_no_id_of_stripe_is_not_sent_there(string id)
    {
        (await payments.FindSavedCard(id, Stop)).Error!.Message.ShouldBe("No card was saved. Begin again.");
        (await payments.Find(id, Stop)).ShouldBeOfType<ChargeResult.Declined>();
        stripe.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task By_hand_no_card_is_charged()
    {
        var byHand = new PaymentByHand();
        byHand.ChargesCards.ShouldBeFalse();
        (await byHand.Charge(Invoice(new SavedCard("c", "m", "l", 0)), Stop)).ShouldBeOfType<ChargeResult.Declined>();
    }

    private static Currency Eur => Currency.FromStored("EUR");

    private static ChargeRequest Invoice(SavedCard card) =>
        new()
        {
            InvoiceId = "invoice-1",
            Number = "INV-000042",
            Attempt = 1,
            Amount = new Money(1190, Eur),
            Card = card,
        };

    private async Task<SavedCard> Save(string lastFour)
    {
        var page = (await payments.BeginSavingCard(new Payer("acc", "Ana Lima", "ana@lima.example", null), ReturnTo, Stop)).Value!;
        stripe.EnterCard(page.Session, lastFour);
        return (await payments.FindSavedCard(page.Session, Stop)).Value!;
    }
}
