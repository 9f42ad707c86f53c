using Latchkey.Applications.Branding;

namespace Latchkey.Tests.Applications.Branding;

/// <summary>What a brand may say, and what is refused.</summary>
public sealed class BrandValidationTests
{
    private static readonly Brand Plain = new();

    [Fact]
    public void What_all_begin_with_is_valid() => BrandValidation.Check(Plain).Value.ShouldBe(Plain);

    [Theory]
    [InlineData("#0B57D0", "#0b57d0")]
    [InlineData(" #05a ", "#0055aa")]
    public void A_colour_is_kept_in_one_spelling(string typed, string kept) =>
        BrandValidation.Check(Plain with { Color = typed }).Value!.Color.ShouldBe(kept);

    [Theory]
    [InlineData("red")]
    [InlineData("")]
    [InlineData("#12345")]
    [InlineData("#0b57d0; background: url(https://evil.example)")]
    [InlineData("#0b57d0}body{display:none}")]
    [InlineData("url(https://evil.example)")]
    [InlineData("expression(alert(1))")]
    [InlineData("#0b57d0\n")]
    [InlineData("#٠٠٠٠٠٠")]
    [InlineData("var(--ink)")]
    public void What_is_no_colour_is_refused(string typed)
    {
        var refused = BrandValidation.Check(Plain with { Color = typed });
        if (typed.Trim() == "#0b57d0")
        {
            refused.Value!.Color.ShouldBe("#0b57d0"); // blanks around it are nobody's attack
            return;
        }

        refused.Error!.Message.ShouldContain("six digits");
    }

    [Theory]
    [InlineData("#ffd400", BrandScheme.Auto)]
    [InlineData("#ffffff", BrandScheme.Light)]
    [InlineData("#000000", BrandScheme.Dark)]
    public void A_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can(string typed, BrandScheme scheme)
    {
        var brand = Plain with { Color = typed, Scheme = scheme };
        var message = BrandValidation.Check(brand).Error!.Message;
        message.ShouldContain("4.5:1");
        BrandValidation.Check(brand with { Color = message[^8..^1] }).Error.ShouldBeNull(message);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JavaScript://example.com/%0aalert(1)")]
    [InlineData("data:text/html,<script>alert(1)</script>")]
    [InlineData("http://example.com/")]
    [InlineData("//evil.example")]
    [InlineData("/terms")]
    [InlineData("https://")]
    [InlineData("https://user@evil.example/")]
    [InlineData("https://good.example@evil.example/")]
    [InlineData("https://@evil.example/")]
    [InlineData("https://example.com/\" onclick=\"alert(1)")]
    [InlineData("https://example.com/<script>")]
    [InlineData("https://example.com/\r\nX: y")]
    [InlineData("https:\\\\evil.example")]
    [InlineData("vbscript:x")]
    [InlineData("https://exämple.com/")]
    public void A_link_that_is_no_web_address_is_refused(string url)
    {
        BrandValidation.Check(Plain with { TermsUrl = url }).Error!.Message.ShouldContain("terms");
        BrandValidation.Check(Plain with { PrivacyUrl = url }).Error!.Message.ShouldContain("privacy");
        BrandValidation.Check(Plain with { HelpUrl = url }).Error!.Message.ShouldContain("help");
    }

    [Theory]
    [InlineData("mailto:help@example.com", true)]
    [InlineData("mailto:help@example.com?bcc=everybody@evil.example", false)]
    [InlineData("mailto:", false)]
    [InlineData("mailto:nobody", false)]
    public void Help_can_be_an_address_to_write_to(string url, bool isValid)
    {
        (BrandValidation.Check(Plain with { HelpUrl = url }).Error is null).ShouldBe(isValid);
        BrandValidation.Check(Plain with { TermsUrl = url }).Error.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("see https://evil.example")]
    [InlineData("write to a@evil.example")]
    [InlineData("\u202eback")]
    public void A_name_that_mails_would_show_as_a_link_is_refused(string name) =>
        BrandValidation.Check(Plain with { Name = name }).Error.ShouldNotBeNull();

    [Theory]
    [InlineData(-1)]
    [InlineData(25)]
    public void A_radius_out_of_bounds_is_refused(int radius) =>
        BrandValidation.Check(Plain with { Radius = radius }).Error!.Message.ShouldContain("0 to 24");

    [Fact]
    public void A_scheme_that_there_is_not_is_refused() =>
        BrandValidation.Check(Plain with { Scheme = (BrandScheme)7 }).Error!.Message.ShouldContain("auto, light or dark");
}
