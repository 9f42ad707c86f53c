using System.Net;
using System.Text;
using Latchkey.Billing.Payments;

namespace Latchkey.Tests.Billing.Payments;

/// <summary>The webhook of a real server. Strangers reach it, so it takes nothing that is not signed.</summary>
public sealed class StripeWebhookTests(ServerFixture servers)
{
    private const string Nothing = """{"id":"evt_1","type":"customer.created","data":{"object":{"id":"cus_1"}}}""";

    [Fact]
    public async Task A_signed_event_is_taken_and_a_forged_or_late_one_refused_with_a_sentence()
    {
        await using var stripe = await FakeStripe.Start();
        var server = await servers.StartOn(
            await servers.NewInstallation(),
            environment: [("LATCHKEY_BILLING", "on"), .. stripe.Environment]
        );
        var now = TimeProvider.System.GetUtcNow();

        (await Post(server, Nothing, FakeStripe.Sign(Nothing, now, FakeStripe.WebhookSecret))).ShouldBe((HttpStatusCode.OK, "true"));
        (await Post(server, Nothing, FakeStripe.Sign(Nothing, now, FakeStripe.WebhookSecret))).ShouldBe((HttpStatusCode.OK, "true"));

        foreach (
            var (header, sentence) in ((string?, string)[])
                [
                    (null, "The header Stripe-Signature is missing"),
                    (FakeStripe.Sign(Nothing, now, "whsec_wrong"), "The signature does not fit the body."),
                    (FakeStripe.Sign(Nothing + " ", now, FakeStripe.WebhookSecret), "The signature does not fit the body."),
                    (
                        FakeStripe.Sign(Nothing, now.AddMinutes(-6), FakeStripe.WebhookSecret),
                        "The event was signed more than 5 minutes ago"
                    ),
                    (FakeStripe.Sign(Nothing, now.AddMinutes(6), FakeStripe.WebhookSecret), "The event was signed more than 5 minutes ago"),
                ]
        )
        {
            var (status, body) = await Post(server, Nothing, header);
            status.ShouldBe(HttpStatusCode.BadRequest);
            body.ShouldContain(sentence);
        }

        var (bad, said) = await Post(server, "[]", FakeStripe.Sign("[]", now, FakeStripe.WebhookSecret));
        bad.ShouldBe(HttpStatusCode.BadRequest);
        said.ShouldContain("The body is not an event of Stripe.");
        stripe.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_stripe_there_is_no_webhook()
    {
        var (status, _) = await Post(
            servers.Main,
            Nothing,
            FakeStripe.Sign(Nothing, TimeProvider.System.GetUtcNow(), FakeStripe.WebhookSecret)
        );
        status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<(HttpStatusCode Status, string Body)> Post(ServerProcess server, string body, string? signature)
    {
        var request = server.Request(
            HttpMethod.Post,
            "/api/stripe/webhook",
            signature is null ? [] : [(StripeSignature.Header, signature)]
        );
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new("application/json");
        var reply = await server.Send(request);
        return (reply.Status, reply.Text);
    }
}
