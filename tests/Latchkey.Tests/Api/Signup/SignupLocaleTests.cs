namespace Latchkey.Tests.Api.Signup;

public sealed class SignupLocaleTests(ServerFixture servers)
{
    [Theory]
    [InlineData(null, "EN")]
    [InlineData("FR", "FR")]
    [InlineData(" fr ", "FR")]
    [InlineData("en", "EN")]
    public async Task The_locale_is_one_that_the_application_offers(string? asked, string given)
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "locales=EN,FR");
        var ann = app.ParseTokens(await app.Signup("ann@example.com", locale: asked));
        (await ann.GetUser()).GetProperty("locale").GetString().ShouldBe(given);
    }

    [Fact]
    public async Task Another_locale_is_invalid_data()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "locales=EN,FR");
        (await app.Signup("ann@example.com", locale: "JA")).ShouldFailWith(602);
        (await app.Signup("ann@example.com", locale: "F R")).ShouldFailWith(602);
    }
}
