using System.Net;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>Signing in with another provider on the pages.</summary>
public sealed class ProviderSignInTests(ServerFixture servers)
{
    [Fact]
    public async Task Somebody_new_becomes_a_user_with_the_verified_address_and_comes_back_as_the_same_one()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var first = await ann.SignIn();
        var tokens = (await ann.Client.Exchange(first.ShouldHaveCode(ann.Provider).Code)).ShouldBeOk().Json;
        var claims = LoggedInUser.DecodePart(tokens.GetProperty("id_token").GetString()!, 1);
        claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()).ShouldContain("fed");
        (await ann.Count("users")).ShouldBe(1);
        (
            await ann.Provider.Installation.Query<string>(
                "SELECT handle || ' ' || origin || ' ' || login_provider || ' ' || metadata FROM users WHERE app_id = @AppId",
                new { ann.AppId }
            )
        ).ShouldBe("""ann@example.com social other {"user_data.first":"Ann"}""");

        using var other = new Browser(ann.Provider);
        var again = await ann.SignIn(other);
        var second = (await ann.Client.Exchange(again.ShouldHaveCode(ann.Provider).Code)).ShouldBeOk().Json;
        LoggedInUser
            .DecodePart(second.GetProperty("id_token").GetString()!, 1)
            .GetProperty("sub")
            .GetString()
            .ShouldBe(claims.GetProperty("sub").GetString());
        (await ann.Count("users")).ShouldBe(1);
    }

    [Fact]
    public async Task The_way_there_has_state_nonce_and_pkce_and_the_exact_callback()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var url = await ann.Leave(
            changes: [("login_hint", "ann@example.com"), ("ui_locales", "de"), ("prompt", "login"), ("max_age", "60")]
        );
        url.ShouldStartWith($"{ann.Lying.Issuer}/authorize?tenant=1&");
        ann.Lying.SignIn(url);
        var sent = ann.Lying.Request;
        sent["response_type"].ShouldBe("code");
        sent["client_id"].ShouldBe(LyingProvider.ClientId);
        sent["redirect_uri"].ShouldBe($"{ann.Provider.Issuer}/login/via/other/callback");
        sent["scope"].ShouldBe("openid email profile");
        sent["code_challenge_method"].ShouldBe("S256");
        new[] { sent["state"], sent["nonce"], sent["code_challenge"] }.ShouldAllBe(value => value.Length == 43);
        (sent["login_hint"], sent["ui_locales"], sent["prompt"], sent["max_age"]).ShouldBe(("ann@example.com", "de", "login", "0")); // a new sign-in is younger than any;
        url.ShouldNotContain(LyingProvider.Secret);
    }

    [Fact]
    public async Task Somebody_new_may_choose_a_user_name_and_is_asked_once()
    {
        await using var ann = await ViaVisitor.Create(servers, null, "userNamesEnabled=1");
        var name = (await ann.SignIn()).ShouldBePage("signup/name");
        (await ann.Browser.Submit(name, "later")).ShouldHaveCode(ann.Provider);
        using var other = new Browser(ann.Provider);
        (await ann.SignIn(other)).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task A_user_with_a_second_factor_is_asked_for_it()
    {
        await using var ann = await ViaVisitor.Create(servers, null, "twoFactorVerification=google");
        var user = await ann.Provider.App.CreateUser("ann@example.com");
        var authenticator = await user.EnableAuthenticator();
        await ann.Link(user.Id());
        using var other = new Browser(ann.Provider);
        var factor = (await ann.SignIn(other)).ShouldBePage("login/factor");
        (await other.Authorize(ann.Client, ("prompt", "none"))).Error.ShouldBe("login_required");
        await ann.Provider.App.ResetTotpSteps("ann@example.com");
        (await other.Submit(factor, null, ("code", authenticator.Code()))).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task A_suspended_user_stays_out()
    {
        await using var ann = await ViaVisitor.Create(servers);
        await ann.SignIn();
        await ann.Provider.Installation.Execute("UPDATE users SET status = 'suspend' WHERE app_id = @AppId", new { ann.AppId });
        using var other = new Browser(ann.Provider);
        (await ann.SignIn(other)).ShouldBePage("login").Text.ShouldContain("locked");
    }

    [Fact]
    [Covers(851)]
    public async Task A_provider_that_is_switched_off_meanwhile_lets_nobody_in()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var url = ann.Lying.SignIn(await ann.Leave());
        await ann.Change("enabled = false");
        await WaitUntil.IsTrue("it is off", async () => (await new Browser(ann.Provider).Open("login/via/other")).Page == "login");
        (await ann.Browser.Open(url)).ShouldBePage("login").Text.ShouldContain("not available");
        (await ann.Count("users")).ShouldBe(0);
        ann.Lying.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Where_nobody_may_sign_up_a_stranger_stays_one()
    {
        await using var ann = await ViaVisitor.Create(servers, provider => provider with { SignupAllowed = false });
        (await ann.SignIn()).ShouldBePage("login").Text.ShouldContain("Nobody has an account here");
        await ann.Change("signup_allowed = true");
        await ann.Provider.App.Set("signupEnabled=0");
        (await ann.SignIn()).ShouldBePage("login").Text.ShouldContain("Nobody has an account here");
        (await ann.Count("users")).ShouldBe(0);
    }

    [Fact]
    public async Task A_page_by_itself_sends_nobody_anywhere()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var page = (await ann.Browser.Open("login/via/other")).ShouldBePage("login/via/other");
        page.Headers.Keys.ShouldNotContain("Refresh");
        page.Heading.ShouldContain("Other Company");
        (await ViaVisitor.Press(ann.Browser, page)).Page.ShouldEndWith("/leave");
        (await ann.Browser.Post($"{ann.Provider.Issuer}/login/via/other", [("form-key", "guessed")])).ShouldBePage("login/via/other");
        var foreign = await ann.Browser.Open("login/via/other");
        (await ann.Browser.Post(foreign.Url.AbsoluteUri, Browser.FieldsOf(foreign, null), "https://evil.example")).ShouldBePage(
            "login/via/other"
        );
    }

    [Fact]
    public async Task An_answer_by_form_comes_back_with_the_cookie_by_a_redirect()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var url = ann.Lying.SignIn(await ann.Leave());
        var (address, query) = (url[..url.IndexOf('?', StringComparison.Ordinal)], url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        using var crossSite = new Browser(ann.Provider); // has no cookie, as SameSite=Lax keeps it back
        var form = query.Split('&').Select(pair => pair.Split('=')).Select(pair => (pair[0], Uri.UnescapeDataString(pair[1])));
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await http.PostAsync(
            address,
            new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)))
        );
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var location = response.Headers.Location!.OriginalString;
        location.ShouldStartWith($"{address}?answer=");
        location.ShouldNotContain("code=");
        (await ann.Browser.Open(location)).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task A_hint_of_the_client_leads_straight_to_the_provider()
    {
        await using var ann = await ViaVisitor.Create(servers);
        var away = await ann.Browser.Authorize(ann.Client, ("idp_hint", "other"));
        away.Away.ShouldNotBeNull(away.Text).ShouldStartWith($"{ann.Lying.Issuer}/authorize?");
        (await ann.Browser.Open(ann.Lying.SignIn(away.Away!))).ShouldHaveCode(ann.Provider);
        (await ann.Browser.Authorize(ann.Client, ("idp_hint", "other"))).ShouldHaveCode(ann.Provider); // is signed in already
        using var other = new Browser(ann.Provider);
        (await other.Authorize(ann.Client, ("idp_hint", "nobody"))).ShouldBePage("login");
        (await other.Authorize(ann.Client, ("idp_hint", "other"), ("prompt", "none"))).Error.ShouldBe("login_required");
    }

    [Fact]
    public async Task Claims_of_each_sign_in_replace_metadata_where_the_developer_says_so()
    {
        await using var ann = await ViaVisitor.Create(
            servers,
            provider => provider with { Claims = "given_name=user_data.first\nplan=user_data.plan:always" }
        );
        ann.Lying.Claims = claims => claims["plan"] = "free";
        await ann.SignIn();
        ann.Lying.Claims = claims => (claims["plan"], claims["given_name"]) = ("paid", "Hanna");
        using var other = new Browser(ann.Provider);
        (await ann.SignIn(other)).ShouldHaveCode(ann.Provider);
        (await ann.Provider.Installation.Query<string>("SELECT metadata FROM users WHERE app_id = @AppId", new { ann.AppId })).ShouldBe(
            """{"user_data.first":"Ann","user_data.plan":"paid"}"""
        );
    }
}
