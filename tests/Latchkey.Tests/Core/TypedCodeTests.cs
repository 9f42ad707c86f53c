using Latchkey.Core;

namespace Latchkey.Tests.Core;

public sealed class TypedCodeTests
{
    /// <summary>Ways to type 123456.</summary>
    public static TheoryData<string> Spellings =>
        [
            "123456",
            " 123456\t",
            "123 456",
            "12 34 56",
            "1 2 3 4 5 6",
            "123-456",
            "123\u2011456", // a hyphen that does not break
            "123\u2013456", // a dash
            "123\u00A0456", // a space that does not break
            "123\u3000456", // a wide space
            "１２３４５６",
            "１２３－４５６",
            "١٢٣٤٥٦", // Arabic
            "۱۲۳۴۵۶", // Persian
            "१२३४५६", // Devanagari
            "𝟏𝟐𝟑𝟒𝟓𝟔", // mathematical
            "𞥑𞥒𞥓𞥔𞥕𞥖", // Adlam, two UTF-16 units each
        ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Six_digits_are_read_however_they_are_typed(string typed) => TypedCode.ParseSixDigits(typed).ShouldBe("123456");

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("1234567", "1234567")]
    [InlineData("123.456", "123.456")]
    [InlineData("12345Ⅵ", "12345Ⅵ")] // a numeral, not a digit
    [InlineData("12345½", "12345½")]
    [InlineData("12345x", "12345x")]
    [InlineData(" Zm9v-YmFy_Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy ", "Zm9v-YmFy_Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy")] // a link's token
    [InlineData("", "")]
    public void Anything_else_stays_as_it_is(string typed, string expected) => TypedCode.ParseSixDigits(typed).ShouldBe(expected);

    [Fact]
    public void A_long_text_is_not_normalised() => TypedCode.Fold(new string('\u0301', 100_000)).Length.ShouldBe(100_000);
}
