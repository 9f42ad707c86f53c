namespace Latchkey.Tests.Provider;

/// <summary>The language that a user chooses at the foot of a page.</summary>
public sealed class PageLanguageTests(ServerFixture servers)
{
    [Fact]
    public async Task A_chosen_language_stays_for_all_pages_of_the_application_and_counts_before_all_others()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize(("ui_locales", "fr"));
        login.Document.DocumentElement.GetAttribute("lang").ShouldBe("fr");
        var choice = login.Document.QuerySelector(".languages form")!;
        choice.HasAttribute("method").ShouldBeFalse("it only opens the page again");
        choice.QuerySelectorAll("button").Length.ShouldBe(13);
        choice.QuerySelector("button[aria-current]")!.GetAttribute("value").ShouldBe("fr");
        choice
            .QuerySelector("input[name=request]")!
            .GetAttribute("value")
            .ShouldBe(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(login.Url.Query)["request"].ToString());
        var german = await ann.Browser.Open($"{login.Url}&lang=de");
        german.Document.DocumentElement.GetAttribute("lang").ShouldBe("de");
        (await ann.Authorize(("ui_locales", "fr"))).Document.DocumentElement.GetAttribute("lang").ShouldBe("de");
        (await ann.Browser.Open("login")).Document.DocumentElement.GetAttribute("lang").ShouldBe("de");
        using var other = await ProviderVisitor.Create(servers);
        (await other.Browser.Open("login")).Document.DocumentElement.GetAttribute("lang").ShouldBe("en");
    }

    [Theory]
    [InlineData("xx")]
    [InlineData("de%22%3E%3Cscript%3E")]
    [InlineData("..%2f..%2fEN")]
    [InlineData("")]
    public async Task A_language_that_there_is_not_changes_nothing(string language)
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = (await ann.Browser.Open($"login?lang={language}")).ShouldBePage("login");
        login.Document.DocumentElement.GetAttribute("lang").ShouldBe("en");
        login.Document.QuerySelectorAll("script").ShouldBeEmpty();
        (await ann.Browser.Open("login")).Document.DocumentElement.GetAttribute("lang").ShouldBe("en");
    }

    [Theory]
    [InlineData("next=https%3A%2F%2Fevil.example")]
    [InlineData("state=a&state=b")]
    [InlineData("continue=evil.example")]
    public async Task A_page_with_parameters_that_nobody_knows_repeats_none_of_them(string query)
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = (await ann.Browser.Open($"login?{query}")).ShouldBePage("login");
        login.Html.ShouldNotContain("evil.example");
        login.Document.QuerySelectorAll(".languages").ShouldBeEmpty();
    }
}
