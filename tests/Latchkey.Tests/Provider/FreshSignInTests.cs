using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>
/// A request that demands a sign-in, or a choice, gets only one that was made for it. Whoever sent it could wait for another.
/// </summary>
public sealed class FreshSignInTests(ServerFixture servers)
{
    private const string Scheme = "com.example.app:/callback";

    [Theory]
    [InlineData("prompt", "login", "login")]
    [InlineData("max_age", "0", "login")]
    [InlineData("prompt", "select_account", "login/account")]
    public async Task A_sign_in_for_something_else_does_not_count(string name, string value, string page)
    {
        using var ann = await FirstParty();
        var held = (await ann.Authorize((name, value))).ShouldBePage("login");
        (await ann.SignIn()).ShouldHaveCode(ann.Provider);
        (await ann.Browser.Open(held.Url.AbsoluteUri)).ShouldBePage(page);
    }

    [Fact]
    public async Task An_app_without_a_sure_address_gets_no_code_by_a_sign_in_for_something_else()
    {
        using var ann = await FirstParty();
        var app = await ann.Provider.AddClient(ClientType.Native, settings => settings with { RedirectUris = [Scheme], FirstParty = true });
        var held = (await ann.Browser.Authorize(app)).ShouldBePage("login");
        (await ann.SignIn()).ShouldHaveCode(ann.Provider);
        var choice = (await ann.Browser.Open(held.Url.AbsoluteUri)).ShouldBePage("login/account");
        (await ann.Browser.Submit(choice, "continue")).ShouldHaveCode(ann.Provider, Scheme);
    }

    [Fact]
    public async Task An_ordinary_request_goes_on_after_a_sign_in_in_another_tab()
    {
        using var ann = await FirstParty();
        var held = (await ann.Authorize()).ShouldBePage("login");
        (await ann.SignIn()).ShouldHaveCode(ann.Provider);
        (await ann.Browser.Open(held.Url.AbsoluteUri)).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task A_sign_in_counts_for_the_session_that_it_opened_only()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.Provider.App.CreateUser("ben@example.com");
        var consent = (await ann.Browser.SignIn(await ann.Authorize(("prompt", "login")), ann.Handle)).ShouldBePage("consent");
        (await ann.Browser.Open(consent.Url.AbsoluteUri)).ShouldBePage("consent");
        (await ann.Browser.SignIn(await ann.Authorize(("prompt", "login")), "ben@example.com")).ShouldBePage("consent");
        (await ann.Browser.Open(consent.Url.AbsoluteUri)).ShouldBePage("login");
    }

    private Task<ProviderVisitor> FirstParty() => ProviderVisitor.Create(servers, change: settings => settings with { FirstParty = true });
}
