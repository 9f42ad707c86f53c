using Latchkey.Core;

namespace Latchkey.Tests.Core;

/// <summary>Row 71: a name that others read cannot hold a link.</summary>
public sealed class DisplayNameTests
{
    [Theory]
    [InlineData("Ada Lovelace")]
    [InlineData("  Dr. Ünïcödé O'Neill-Smith Jr.  ")]
    [InlineData("Acme Inc. & Co. (Europe)")]
    [InlineData("J.R.R. Tolkien")]
    [InlineData("山田 太郎")]
    [InlineData("👩‍👩‍👧 Family")]
    [InlineData("Node.js")]
    [InlineData("A: B / C")]
    public void Names_of_people_and_applications_are_taken(string name) => DisplayName.ParsePerson(name, 100).ShouldBe(name.Trim());

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    [InlineData("two\u2028lines")]
    [InlineData("http://evil.example/x")]
    [InlineData("Win a prize at https://evil.example")]
    [InlineData("HTTPS:evil")]
    [InlineData("ｈｔｔｐ://evil.example")]
    [InlineData("www.evil.example")]
    [InlineData("evil.museum/prize")]
    [InlineData("mailto:eve@evil.example")]
    [InlineData("write to eve@evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("\u202Egnp.exe")]
    public void What_could_be_a_link_or_hides_text_is_not(string name)
    {
        DisplayName.ParsePerson(name, 100).ShouldBeNull();
        DisplayName.ParseApplication(name, 100).ShouldBeNull();
    }

    [Fact]
    public void A_host_may_be_the_name_of_an_application_only()
    {
        DisplayName.ParseApplication("Draw.io", 100).ShouldBe("Draw.io");
        DisplayName.ParsePerson("Your prize: evil.com", 100).ShouldBeNull();
    }

    [Fact]
    public void The_length_is_bounded()
    {
        DisplayName.ParsePerson(new string('a', 100), 100).ShouldNotBeNull();
        DisplayName.ParsePerson(new string('a', 101), 100).ShouldBeNull();
    }
}
