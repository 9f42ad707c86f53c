namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>Somebody whose provider gives no address that counts: the page asks for one, and a mailed code proves it.</summary>
public sealed class ProviderAddressTests(ServerFixture servers)
{
    [Fact]
    public async Task The_address_is_proved_by_a_mailed_code_before_a_user_is_made()
    {
        await using var ann = await Create();
        var page = (await ann.SignIn()).ShouldBePage("login/via/other/signup");
        page.Document.QuerySelector("#email")!.GetAttribute("value").ShouldBe("ann@example.com");
        var code = (await ann.Browser.Submit(page, null, ("email", "new@example.com"))).ShouldBePage("login/via/other/code");
        (await ann.Count("users")).ShouldBe(0);
        var mailed = await ann.Provider.App.LastCodeFor("new@example.com");
        (await ann.Browser.Submit(code, null, ("code", App.WrongCodeFor(mailed)))).ShouldBePage("login/via/other/code");
        (await ann.Count("users")).ShouldBe(0);
        (await ann.Browser.Submit(code, null, ("code", mailed))).ShouldHaveCode(ann.Provider);
        (await ann.Provider.Installation.Query<string>("SELECT handle FROM users WHERE app_id = @AppId", new { ann.AppId })).ShouldBe(
            "new@example.com"
        );
        await ann.Browser.Submit(code, null, ("code", mailed));
        (await ann.Count("users")).ShouldBe(1);

        using var other = new Browser(ann.Provider);
        (await ann.SignIn(other)).ShouldHaveCode(ann.Provider);
        (await ann.Count("users")).ShouldBe(1);
    }

    [Fact]
    public async Task The_address_of_another_user_gets_the_same_mail_and_links_nothing()
    {
        await using var ann = await Create();
        await ann.Provider.App.CreateUser("owner@example.com");
        var page = await ann.SignIn();
        var code = (await ann.Browser.Submit(page, null, ("email", "owner@example.com"))).ShouldBePage("login/via/other/code");
        code.Text.ShouldContain("owner@example.com");
        var mailed = await ann.Provider.App.LastCodeFor("owner@example.com");
        (await ann.Browser.Submit(code, null, ("code", mailed))).ShouldBePage("login/via/other/exists");
        (await ann.Count("user_identities")).ShouldBe(0);
        (await ann.Count("users")).ShouldBe(1);
        (await ann.Browser.Authorize(ann.Client, ("prompt", "none"))).Error.ShouldBe("login_required");
    }

    [Fact]
    public async Task Five_guesses_are_all_and_another_browser_has_none()
    {
        await using var ann = await Create();
        var code = await ann.Browser.Submit(await ann.SignIn(), null, ("email", "new@example.com"));
        using var eve = new Browser(ann.Provider);
        (await eve.Open("login/via/other/code")).ShouldBePage("login");
        var mailed = await ann.Provider.App.LastCodeFor("new@example.com");
        for (var guess = 0; guess < 5; guess++)
        {
            await ann.Browser.Submit(code, null, ("code", App.WrongCodeFor(mailed)));
        }

        (await ann.Browser.Submit(code, null, ("code", mailed))).ShouldBePage("login/via/other/code");
        (await ann.Count("users")).ShouldBe(0);
    }

    [Fact]
    public async Task What_the_application_requires_and_the_provider_does_not_say_is_asked_for()
    {
        await using var ann = await ViaVisitor.Create(
            servers,
            null,
            """metaData=[{"path":"user_data.first","fieldName":"first","required":1},{"path":"user_data.city","fieldName":"city","required":1}]"""
        );
        var page = (await ann.SignIn()).ShouldBePage("login/via/other/signup");
        page.Document.QuerySelectorAll("#email").ShouldBeEmpty();
        page.Html.ShouldNotContain("user_data.first");
        (await ann.Browser.Submit(page, null, ("metaData.user_data.city", ""))).ShouldBePage("login/via/other/signup");
        (await ann.Browser.Submit(page, null, ("metaData.user_data.city", "Bern"), ("metaData.user_data.admin", "1"))).ShouldHaveCode(
            ann.Provider
        );
        (await ann.Provider.Installation.Query<string>("SELECT metadata FROM users WHERE app_id = @AppId", new { ann.AppId })).ShouldBe(
            """{"user_data.first":"Ann","user_data.city":"Bern"}"""
        );
    }

    private async Task<ViaVisitor> Create()
    {
        var ann = await ViaVisitor.Create(servers);
        ann.Lying.EmailVerified = false;
        return ann;
    }
}
