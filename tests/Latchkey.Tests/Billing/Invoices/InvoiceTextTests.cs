using System.Text.RegularExpressions;
using Latchkey.Billing.Invoices;
using Latchkey.Core;

namespace Latchkey.Tests.Billing.Invoices;

public sealed partial class InvoiceTextTests
{
    /// <summary>The languages of the built-in mails.</summary>
    public static TheoryData<string> Languages =>
        [
            .. typeof(InvoiceText)
                .Assembly.GetManifestResourceNames()
                .Select(name => MailTexts().Match(name))
                .Where(match => match.Success)
                .Select(match => match.Groups[1].Value),
        ];

    [Fact]
    public void There_are_thirteen_languages() => Languages.Count.ShouldBe(13);

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_language_of_the_mails_has_all_words_of_an_invoice(string language)
    {
        var text = InvoiceText.Of(language);
        var words = typeof(InvoiceText).GetProperties().Where(property => property.PropertyType == typeof(string));
        words.Select(property => (string)property.GetValue(text)!).ShouldAllBe(word => word.Trim().Length > 0);
        text.Kinds.Keys.Order().ShouldBe(EnumNames.All<LineKind>().Order());
        text.Months.Count.ShouldBe(text.Date.Contains("{month}", StringComparison.Ordinal) ? 12 : 0);
        text.Direction.ShouldBe(language == "AR" ? "rtl" : "ltr");
        (language == "EN" || text.Invoice != InvoiceText.Of("EN").Invoice).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Values_stand_where_the_english_text_has_them(string language)
    {
        var (text, english) = (InvoiceText.Of(language), InvoiceText.Of("EN"));
        foreach (var property in typeof(InvoiceText).GetProperties().Where(property => property.PropertyType == typeof(string)))
        {
            if (property.Name != nameof(InvoiceText.Date))
            {
                Places((string)property.GetValue(text)!).ShouldBe(Places((string)property.GetValue(english)!), property.Name);
            }
        }

        static IEnumerable<string> Places(string words) => Place().Matches(words).Select(match => match.Value).Order();
    }

    [Theory]
    [InlineData("EN", "1 November 2026")]
    [InlineData("DE", "1. November 2026")]
    [InlineData("ES", "1 de noviembre de 2026")]
    [InlineData("PL", "1 listopada 2026")]
    [InlineData("JA", "2026年11月1日")]
    [InlineData("KO", "2026년 11월 1일")]
    [InlineData("PT-BR", "1 de novembro de 2026")]
    [InlineData("ZH-TW", "2026年11月1日")]
    [InlineData("SW", "1 November 2026")]
    public void A_date_is_written_as_the_language_does(string language, string date) =>
        InvoiceText.Of(language).DateOf(new DateOnly(2026, 11, 1)).ShouldBe(date);

    [Theory]
    [InlineData(0, "0 min")]
    [InlineData(59, "0 min")]
    [InlineData(60, "1 min")]
    [InlineData(3_599, "59 min")]
    [InlineData(3_600, "1 h")]
    [InlineData(5_400, "1 h 30 min")]
    [InlineData(86_400, "1 d")]
    [InlineData(86_399, "23 h 59 min")]
    [InlineData(1_047_600, "12 d 3 h")]
    [InlineData(31 * 86_400, "31 d")]
    public void A_time_is_told_in_its_two_largest_units(long seconds, string text) =>
        InvoiceText.Of("EN").DurationOf(seconds).ShouldBe(text);

    [GeneratedRegex("^Texts/([A-Z-]+)\\.json$")]
    private static partial Regex MailTexts();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
