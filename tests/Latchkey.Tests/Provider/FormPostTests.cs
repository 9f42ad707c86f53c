namespace Latchkey.Tests.Provider;

/// <summary>Answers in a form, as ASP.NET Core asks for (OAuth 2.0 Form Post Response Mode).</summary>
public sealed class FormPostTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_9207_05_The_form_has_the_issuer()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var page = await ann.Browser.Authorize(ann.Client, ("response_mode", "form_post"));
        page.Form(null).GetAttribute("action").ShouldBe(ProviderApp.RedirectUri);
        var fields = Browser.FieldsOf(page, null).ToDictionary(field => field.Name, field => field.Value);
        fields.Keys.Order(StringComparer.Ordinal).ShouldBe(["code", "iss", "state"]);
        fields["iss"].ShouldBe(ann.App.Issuer);
        fields["state"].ShouldBe(AuthorizeRequests.State);
        (await ann.Client.Exchange(fields["code"])).ShouldBeOk();
    }

    [Fact]
    public async Task Row_9700_33_The_form_may_go_to_the_client_only()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var page = await ann.Browser.Authorize(ann.Client, ("response_mode", "form_post"), ("state", "\"><script>alert(1)</script>"));
        var policy = page.Headers["Content-Security-Policy"];
        policy.ShouldContain("form-action 'self' https://client.example.com;");
        policy.ShouldContain("script-src 'self'");
        page.Document.QuerySelectorAll("script").Single().GetAttribute("src").ShouldNotBeNull().ShouldEndWith("/js/submit-form.js");
        page.Headers["Cache-Control"].ShouldBe("no-store");
        (
            await ann.Browser.Authorize(ann.Client, ("response_mode", "form_post"), ("redirect_uri", "https://evil.example/"))
        ).ShouldBeErrorPage("invalid_request");
    }

    [Fact]
    public async Task A_state_that_looks_like_an_address_of_ours_comes_back_unchanged()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var page = await ann.Browser.Authorize(ann.Client, ("response_mode", "form_post"), ("state", "~/orders"));
        Browser.FieldsOf(page, null).ShouldContain(("state", "~/orders"));
    }

    [Fact]
    public async Task An_error_comes_in_a_form_too()
    {
        using var ann = await SignedInBrowser.Start(servers);
        var page = await ann.Browser.Authorize(ann.Client, ("response_mode", "form_post"), ("prompt", "none"), ("max_age", "x"));
        var fields = Browser.FieldsOf(page, null).ToDictionary(field => field.Name, field => field.Value);
        fields["error"].ShouldBe("invalid_request");
        fields["iss"].ShouldBe(ann.App.Issuer);
        fields.ShouldNotContainKey("code");
    }
}
