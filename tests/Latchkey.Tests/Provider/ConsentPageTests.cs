using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>The page that asks what a client may have.</summary>
public sealed class ConsentPageTests(ServerFixture servers)
{
    [Fact]
    public async Task It_says_what_the_client_gets_and_where_the_user_goes_then()
    {
        using var ann = await ProviderVisitor.Create(
            servers,
            change: settings =>
                settings with
                {
                    Resources = ["https://api.example.com"],
                    Scopes = [.. settings.Scopes, "orders"],
                    TermsUri = "https://client.example.com/terms",
                    PolicyUri = "javascript:alert(1)",
                }
        );
        await ann.Provider.AddResource("https://api.example.com", "orders");
        var visit = await WaitUntil.IsNotNull(
            "the server knows the resource",
            async () =>
                await ann.Authorize(("scope", "openid email orders"), ("resource", "https://api.example.com")) is { Away: null } login
                    ? login
                    : null
        );
        var consent = (await ann.Browser.SignIn(visit, ann.Handle)).ShouldBePage("consent");
        consent.Heading.ShouldContain("Test client");
        consent.Text.ShouldContain("e-mail address");
        consent.Text.ShouldContain("orders");
        consent.Text.ShouldNotContain("api.example.com in your name"); // which the line above says better
        consent.Text.ShouldContain("client.example.com");
        consent.Text.ShouldContain(ann.Handle);
        consent.Document.QuerySelector("a[href='https://client.example.com/terms']")!.GetAttribute("rel").ShouldBe("noopener noreferrer");
        consent.Html.ShouldNotContain("javascript:");
    }

    [Fact]
    public async Task A_name_of_a_client_is_only_a_text()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var client = await ann.Provider.AddClient(name: "<img src=x onerror=alert(1)>%HANDLE%");
        var consent = await ann.Browser.SignIn(await ann.Browser.Authorize(client), ann.Handle);
        consent.ShouldBePage("consent").Document.QuerySelector("img").ShouldBeNull();
        consent.Heading.ShouldContain("<img src=x");
    }

    [Fact]
    public async Task Consent_is_remembered_and_asked_again_for_more()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.SignIn(("scope", "openid email"))).ShouldHaveCode(ann.Provider);
        (await ann.Authorize(("scope", "openid"))).ShouldHaveCode(ann.Provider);
        (await ann.Authorize(("scope", "openid email profile"))).ShouldBePage("consent");
        (await ann.Authorize(("scope", "openid profile"), ("prompt", "none"))).ShouldBeRefused(ann.Provider, "consent_required");
    }

    [Fact]
    public async Task A_client_of_the_developer_asks_for_no_consent()
    {
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { FirstParty = true });
        var visit = await ann.Browser.SignIn(await ann.Authorize(("scope", "openid offline_access")), ann.Handle);
        (await ann.Tokens(visit)).TryGetProperty("refresh_token", out _).ShouldBeTrue();
        (await ann.Count("consents")).ShouldBe(0);
    }

    [Fact]
    public async Task A_forged_form_skips_nothing()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var consent = (await ann.Browser.SignIn(await ann.Authorize(), ann.Handle)).ShouldBePage("consent");
        var real = Browser.FieldsOf(consent, "allow").ToList();
        var key = real.Single(field => field.Name == "form-key").Value;
        foreach (var forged in new[] { "", "x", key[1..] + "A", key.ToLowerInvariant() })
        {
            (await ann.Browser.Post(consent.Url.AbsoluteUri, [("action", "allow"), ("form-key", forged)])).ShouldBePage("consent");
        }

        (await ann.Browser.Post(consent.Url.AbsoluteUri, real, "https://evil.example")).ShouldBePage("consent");
        (await ann.Count("consents")).ShouldBe(0);
        (await ann.Browser.Post(consent.Url.AbsoluteUri, real)).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task A_form_for_less_is_no_form_for_more()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var less = (await ann.Browser.SignIn(await ann.Authorize(), ann.Handle)).ShouldBePage("consent");
        var more = (await ann.Authorize(("scope", "openid email offline_access"))).ShouldBePage("consent");
        (await ann.Browser.Post(more.Url.AbsoluteUri, Browser.FieldsOf(less, "allow"))).ShouldBePage("consent");
        (await ann.Count("consents")).ShouldBe(0);
    }

    [Fact]
    public async Task A_form_of_another_users_session_allows_nothing()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.Provider.App.CreateUser("ben@example.com");
        var consent = (await ann.Browser.SignIn(await ann.Authorize(), ann.Handle)).ShouldBePage("consent");
        var fields = Browser.FieldsOf(consent, "allow").ToList();
        var login = await ann.Browser.Submit(consent, "other");
        var second = (await ann.Browser.SignIn(login, "ben@example.com")).ShouldBePage("consent");
        second.Text.ShouldContain("ben@example.com");
        (await ann.Browser.Post(consent.Url.AbsoluteUri, fields)).ShouldBePage("consent");
        (await ann.Count("consents")).ShouldBe(0);
        using var bens = new Browser(ann.Provider);
        await bens.SignInAndAllow(ann.Client, "ben@example.com", ("prompt", "login"));
        (await bens.Open(consent.Url.AbsoluteUri)).ShouldHaveCode(ann.Provider); // ben's own, for the same client
    }

    [Fact]
    public async Task Nobody_who_is_not_signed_in_sees_or_allows_it()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var consent = (await ann.Browser.SignIn(await ann.Authorize(), ann.Handle)).ShouldBePage("consent");
        using var stranger = new Browser(ann.Provider);
        (await stranger.Open(consent.Url.AbsoluteUri)).ShouldBePage("login");
        (await stranger.Post(consent.Url.AbsoluteUri, Browser.FieldsOf(consent, "allow"))).ShouldBePage("login");
        (await ann.Count("consents")).ShouldBe(0);
    }

    [Fact]
    public async Task Given_and_refused_consent_is_in_the_log()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var consent = (await ann.Browser.SignIn(await ann.Authorize(), ann.Handle)).ShouldBePage("consent");
        await ann.Browser.Submit(consent, "deny");
        await ann.Browser.Submit(await ann.Authorize(), "allow");
        var lines = await Lines(ann, "consent");
        lines.ShouldContain($"refused to {ann.Client.Id}");
        lines.ShouldContain($"allowed to {ann.Client.Id}: openid");
        await ann.Authorize(("redirect_uri", "https://evil.example/"));
        (await Lines(ann, "authorize")).ShouldContain("invalid_request");
    }

    private static async Task<string> Lines(ProviderVisitor ann, string action)
    {
        var database = await ann.Provider.Installation.Get<Latchkey.Data.Database>();
        return string.Join(
            '\n',
            await database.Read(db =>
                Dapper.SqlMapper.QueryAsync<string>(
                    db,
                    "SELECT detail FROM audit WHERE app_id = @Id AND action = @action",
                    new { ann.Provider.Id, action }
                )
            )
        );
    }
}
