using System.Text;
using Latchkey.Core;

namespace Latchkey.Tests.Core;

/// <summary>Forms as encoders write them, and as the Swift SDK does: with raw values.</summary>
public sealed class FormDecoderTests
{
    private static readonly HashSet<string> Names = ["handle", "password", "metaData", "locale"];

    [Theory]
    [InlineData("", "")]
    [InlineData("&&", "")]
    [InlineData("a=1&b=2", "a=1|b=2")]
    [InlineData("a&b=&=c", "a=|b=|=c")]
    [InlineData("a=b=c", "a=b=c")]
    [InlineData("a=x+y%20z", "a=x y z")]
    [InlineData("%61%2B=%C3%BC%F0%9F%94%91", "a+=ü🔑")]
    [InlineData("a=ü", "a=ü")]
    [InlineData("a=100%&b=%4&c=%zz", "a=100%|b=%4|c=%zz")]
    [InlineData("a=%7B%22b%22:1%26%7D&c=1", """a={"b":1&}|c=1""")]
    public void An_encoders_form_is_read_by_the_rules(string form, string expected) => Pairs(form).ShouldBe(expected);

    [Theory]
    [InlineData("""metaData={"a":"b & c"}&locale=EN""", """metaData={"a":"b & c"}|locale=EN""")]
    [InlineData("""metaData={"a":"&handle=eve"}&handle=ann""", """metaData={"a":"&handle=eve"}|handle=ann""")]
    [InlineData("""metaData={"a":"rock + roll"}""", """metaData={"a":"rock + roll"}""")]
    [InlineData("""metaData={"a":"rock %2B roll"}""", """metaData={"a":"rock + roll"}""")]
    [InlineData("""metaData={"a":"\"&locale=\""}&x=1""", """metaData={"a":"\"&locale=\""}|x=1""")]
    [InlineData("""metaData={"a":{"b":["&",1]}}""", """metaData={"a":{"b":["&",1]}}""")]
    [InlineData("""metaData={"a":"caf%C3%A9 100%"}""", """metaData={"a":"café 100%"}""")]
    [InlineData("""metaData={}&locale=EN""", """metaData={}|locale=EN""")]
    public void A_raw_value_ends_where_its_json_ends(string form, string expected) => Pairs(form).ShouldBe(expected);

    [Theory]
    [InlineData("metaData={bad&more&x=1&locale=EN", "metaData={bad&more&x=1|locale=EN")]
    [InlineData("metaData={bad&locale", "metaData={bad&locale")]
    [InlineData("password={&handle=ann", "password={|handle=ann")]
    [InlineData("""metaData={"a":1}x&y=2&locale=EN""", """metaData={"a":1}x&y=2|locale=EN""")]
    [InlineData("""metaData={"a":"b""", """metaData={"a":"b""")]
    public void A_raw_value_that_is_not_json_ends_at_the_next_known_name(string form, string expected) => Pairs(form).ShouldBe(expected);

    [Theory]
    [InlineData("a=gr%FCne")]
    [InlineData("a=%C3")]
    [InlineData("a=%ED%A0%80")] // half of a surrogate pair
    [InlineData("a=%C0%AF")] // an overlong slash
    [InlineData("%FF=a")]
    [InlineData("""metaData={"a":"%FC"}""")]
    public void Bytes_that_are_not_utf8_are_refused(string form) =>
        FormDecoder.Decode(Encoding.UTF8.GetBytes(form), Names).Error.ShouldNotBeNull().Code.ShouldBe(602);

    [Fact]
    public void Raw_bytes_that_are_not_utf8_are_refused() =>
        FormDecoder.Decode([.. "a="u8, 0xFC, .. "&b=1"u8], Names).Error.ShouldNotBeNull().Code.ShouldBe(602);

    [Fact]
    public void A_query_has_no_raw_values() =>
        string.Join('|', FormDecoder.Decode("a={\"b\":\"&c=1\"}"u8, new HashSet<string>()).Value!.Select(pair => pair.Key)).ShouldBe("a|c");

    private static string Pairs(string form) =>
        string.Join('|', FormDecoder.Decode(Encoding.UTF8.GetBytes(form), Names).Value!.Select(pair => $"{pair.Key}={pair.Value}"));
}
