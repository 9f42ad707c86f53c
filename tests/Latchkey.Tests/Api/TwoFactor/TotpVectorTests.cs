using System.Text;
using Latchkey.Api.TwoFactor;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>RFC 6238 appendix B, SHA-1: its eight digits cut to the last six. And the tests' own authenticator against the same.</summary>
public sealed class TotpVectorTests
{
    private static readonly byte[] Seed = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void Codes_are_those_of_the_rfc(long unixSeconds, string published)
    {
        var step = Totp.Step(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));
        Totp.Code(Seed, step).ShouldBe(published[2..]);
        new Authenticator(Totp.ToBase32(Seed)).CodeOf(step).ShouldBe(published[2..]);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_rfc_4648(string text, string published) =>
        Totp.ToBase32(Encoding.ASCII.GetBytes(text)).ShouldBe(published);

    [Theory]
    [InlineData("Heading", "ann@example.com", "Heading:ann%40example.com", "Heading")]
    [InlineData("Shop: Berlin", "ann@example.com", "Shop%20Berlin:ann%40example.com", "Shop%20Berlin")]
    [InlineData("a:b::c", "x:y", "abc:xy", "abc")]
    [InlineData("100%3A", "ann", "100%253A:ann", "100%253A")]
    [InlineData(" : ", "ann", "ann", "")]
    public void The_label_of_a_key_has_one_colon(string issuer, string account, string label, string shown) =>
        Totp.KeyUri(issuer, account, "MZXW6").ShouldStartWith($"otpauth://totp/{label}?secret=MZXW6&issuer={shown}&");
}
