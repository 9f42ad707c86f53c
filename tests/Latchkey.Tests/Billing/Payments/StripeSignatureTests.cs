using System.Text;
using Latchkey.Billing.Payments;

namespace Latchkey.Tests.Billing.Payments;

public sealed class StripeSignatureTests
{
    private const string Body = """{"id":"evt_1","name":"Zoë"}""";
    private const string Secret = "whsec_test";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_796_000_000);

    /// <summary>Computed with openssl: <c>printf '1796000000.{…}' | openssl dgst -sha256 -hmac whsec_test</c>.</summary>
    private const string Known = "t=1796000000,v1=018f0c3f4795512328241523f85ba258f30732b8c35c86150f018f4fad4b7e4e";

    [Fact]
    public void A_signature_that_openssl_made_fits() => Check(Known).ShouldBeNull();

    [Theory]
    [InlineData(-300)]
    [InlineData(300)]
    public void Five_minutes_are_not_too_late(int seconds) => Check(Signed(Secret, seconds)).ShouldBeNull();

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public void A_second_more_is(int seconds) =>
        Check(Signed(Secret, seconds)).ShouldStartWith("The event was signed more than 5 minutes ago");

    [Fact]
    public void While_the_secret_is_changed_one_of_several_signatures_is_enough()
    {
        Check(FakeStripe.Sign(Body, Now, "whsec_new", Secret)).ShouldBeNull();
        Check(Signed("whsec_new"), "whsec_new", Secret).ShouldBeNull();
        Check(Signed(Secret), "whsec_new", Secret).ShouldBeNull();
        Check(FakeStripe.Sign(Body, Now, "whsec_new", "whsec_other")).ShouldStartWith("The signature does not fit");
    }

    [Fact]
    public void Every_changed_bit_of_the_body_is_found()
    {
        var (body, header) = (Encoding.UTF8.GetBytes(Body), Signed(Secret));
        for (var bit = 0; bit < body.Length * 8; bit++)
        {
            body[bit / 8] ^= (byte)(1 << (bit % 8));
            StripeSignature.Check(body, header, [Secret], Now).ShouldNotBeNull();
            body[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t=1796000000")]
    [InlineData("v1=00")]
    [InlineData("t=1796000000,v1=00")]
    [InlineData("t=now,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=-1,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=99999999999999999999,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1,t=1796000000,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1796000000,v0=0000000000000000000000000000000000000000000000000000000000000000")]
    public void A_header_of_another_form_is_refused(string? header) =>
        Check(header).ShouldStartWith("The header Stripe-Signature is missing, or has another form");

    [Fact]
    public void A_time_that_was_not_signed_does_not_count()
    {
        var header = Signed(Secret, -900);
        var forged = header.Replace($"t={Now.ToUnixTimeSeconds() - 900}", $"t={Now.ToUnixTimeSeconds()}", StringComparison.Ordinal);
        forged.ShouldNotBe(header);
        Check(forged).ShouldStartWith("The signature does not fit");
    }

    [Fact]
    public void A_body_that_is_no_event_is_refused()
    {
        foreach (
            var body in (string[])["", "[]", "{}", "null", """{"id":1,"type":"a","data":{"object":{}}}""", """{"id":"a","type":"b"}"""]
        )
        {
            StripeEvent.Parse(Encoding.UTF8.GetBytes(body)).Error!.Message.ShouldBe("The body is not an event of Stripe.");
        }

        var parsed = StripeEvent.Parse(
            Encoding.UTF8.GetBytes("""{"id":"evt","type":"payment_intent.succeeded","data":{"object":{"id":"pi"}}}""")
        );
        parsed.Value.ShouldBe(new StripeEvent("evt", "payment_intent.succeeded", "pi"));
    }

    private static string Signed(string secret, int seconds = 0) => FakeStripe.Sign(Body, Now.AddSeconds(seconds), secret);

    private static string? Check(string? header, params string[] secrets) =>
        StripeSignature.Check(Encoding.UTF8.GetBytes(Body), header, secrets.Length > 0 ? secrets : [Secret], Now)?.Message;
}
