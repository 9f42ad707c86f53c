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

    [Theory]
    [InlineData("pt_BR", "PT-BR")]
    [InlineData("PT-br", "PT-BR")]
    [InlineData("es-419", "ES-419")]
    [InlineData("zh_Hant_TW", "ZH-HANT-TW")]
    [InlineData("ZH-TW", "ZH-TW")]
    public async Task Locales_are_language_tags(string asked, string given)
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "locales=EN,pt_br,ES-419,ZH-HANT-TW,zh-TW");
        var ann = app.ParseTokens(await app.Signup("ann@example.com", locale: asked));
        (await ann.GetUser()).GetProperty("locale").GetString().ShouldBe(given);
        (await ann.Post("setLocale", new { locale = "en" })).ShouldBeTrue();
        (await ann.Post("setLocale", new { locale = asked })).ShouldBeTrue();
        (await app.Get("getApplication"))
            .ShouldBeOk()
            .Json.GetProperty("locales")
            .EnumerateArray()
            .Select(locale => locale.GetString())
            .ShouldBe(["EN", "PT-BR", "ES-419", "ZH-HANT-TW", "ZH-TW"]);
        var mail = (await app.Mails("ann@example.com"))[0];
        if (given.StartsWith("ZH", StringComparison.Ordinal))
        {
            mail.Subject.ShouldStartWith("歡迎使用");
        }
    }

    [Fact]
    public async Task Another_locale_is_invalid_data()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "locales=EN,FR");
        (await app.Signup("ann@example.com", locale: "JA")).ShouldFailWith(602);
        (await app.Signup("ann@example.com", locale: "F R")).ShouldFailWith(602);
    }
}
