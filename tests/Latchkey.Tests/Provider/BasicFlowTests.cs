using System.Text.Json;
using Latchkey.Provider.Clients;
using Latchkey.Tests.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>The modules of the basic certification plan that concern the authorization endpoint and the pages.</summary>
public sealed class BasicFlowTests(ServerFixture servers)
{
    [Fact]
    public async Task CM_01_The_metadata_name_the_authorization_endpoint_and_it_answers()
    {
        var provider = await ProviderApp.Create(servers);
        var metadata = (await provider.App.Server.Get($"/apps/{provider.Id}/.well-known/openid-configuration")).ShouldBeOk().Json;
        metadata.GetProperty("issuer").GetString().ShouldBe(provider.Issuer);
        metadata.GetProperty("authorization_endpoint").GetString().ShouldBe($"{provider.Issuer}/oauth2/authorize");
        metadata.GetProperty("pushed_authorization_request_endpoint").GetString().ShouldBe($"{provider.Issuer}/oauth2/par");
        using var browser = new Browser(provider);
        (await browser.Authorize(await provider.AddClient())).ShouldBePage("login");
    }

    [Fact]
    public async Task CM_03_The_answer_keeps_the_query_of_the_redirect_uri_and_the_state()
    {
        const string uri = "https://client.example.com/callback?keep=a%20b&twice=1&twice=2";
        var (provider, client, browser) = await Begin(change: settings => settings with { RedirectUris = [uri] });
        using var _ = browser;
        var visit = await browser.SignInAndAllow(client, "ann@example.com");
        visit.Away.ShouldNotBeNull().ShouldStartWith($"{uri}&code=");
        visit["state"].ShouldBe(AuthorizeRequests.State);
        visit["iss"].ShouldBe(provider.Issuer);
        visit["error"].ShouldBeNull();
    }

    [Fact]
    public async Task CM_09_An_error_comes_with_the_state_and_the_issuer_and_nothing_else()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var visit = await browser.Authorize(client, ("response_type", "token"));
        visit.ShouldBeRefused(provider, "unsupported_response_type")["state"].ShouldBe(AuthorizeRequests.State);
    }

    [Fact]
    public async Task B_01_ServerTest_a_code_flow_gives_a_long_code_and_tokens()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var visit = (await browser.SignInAndAllow(client, "ann@example.com")).ShouldHaveCode(provider);
        visit.Code.Length.ShouldBeGreaterThan(22);
        Entropy(visit.Code).ShouldBeGreaterThan(96);
        var tokens = (await client.Exchange(visit.Code)).ShouldBeOk().Json;
        tokens.GetProperty("expires_in").GetInt64().ShouldBePositive();
        var claims = Claims(tokens.GetProperty("id_token").GetString()!);
        claims.GetProperty("iss").GetString().ShouldBe(provider.Issuer);
        claims.GetProperty("aud").GetString().ShouldBe(client.Id);
        claims.GetProperty("nonce").GetString().ShouldBe(AuthorizeRequests.Nonce);
        claims.TryGetProperty("name", out var _).ShouldBeFalse();
    }

    [Fact]
    public async Task B_02_ResponseTypeMissing_is_refused_by_redirect()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        (await browser.Authorize(client, ("response_type", null))).ShouldBeRefused(provider, "invalid_request");
    }

    [Fact]
    public async Task B_03_IdTokenSignature_is_RS256_by_a_key_with_an_id_where_the_client_asked_for_nothing()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var token = await IdToken(client, await browser.SignInAndAllow(client, "ann@example.com"));
        var header = LoggedInUser.DecodePart(token, 0);
        header.GetProperty("alg").GetString().ShouldBe("RS256");
        header.GetProperty("kid").GetString().ShouldNotBeNullOrEmpty();
        await token.ShouldBeSignedBy(provider);
    }

    [Fact]
    public async Task B_04_IdTokenUnsigned_is_not_offered_and_no_client_can_be_registered_for_it()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var metadata = (await provider.Get(Discovery.OpenIdPath)).ShouldBeOk().Json;
        metadata.GetProperty("id_token_signing_alg_values_supported").Names().ShouldNotContain("none");
        var refused = await provider.App.Change(client.Id, ("id_token_signed_response_alg", "none"));
        refused.Error.ShouldNotBeNull().Message.ShouldContain("no setting id_token_signed_response_alg");
        var token = await IdToken(client, await browser.SignInAndAllow(client, "ann@example.com"));
        token.Split('.')[2].ShouldNotBeEmpty();
    }

    [Fact]
    public async Task B_08_EnsureRequestWithoutNonceSucceedsForCodeFlow_gives_a_code()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        (await browser.SignInAndAllow(client, "ann@example.com", ("nonce", null))).ShouldHaveCode(provider);
    }

    [Fact]
    public Task B_15_DisplayPage_is_a_usual_login_page() => ShouldBeOnlyAWish("display", "page");

    [Fact]
    public Task B_16_DisplayPopup_succeeds() => ShouldBeOnlyAWish("display", "popup");

    [Fact]
    public Task B_22_EnsureRequestWithUnknownParameterSucceeds_and_ignores_it() => ShouldBeOnlyAWish("extra", "foobar");

    [Fact]
    public Task B_25_UiLocales_that_are_not_there_change_nothing() => ShouldBeOnlyAWish("ui_locales", "se");

    [Fact]
    public Task B_26_ClaimsLocales_change_nothing() => ShouldBeOnlyAWish("claims_locales", "se");

    [Fact]
    public Task B_27_EnsureRequestWithAcrValuesSucceeds_with_two_values() => ShouldBeOnlyAWish("acr_values", "1 2");

    [Fact]
    public Task B_35_ClaimsEssential_that_are_missing_stop_nothing() =>
        ShouldBeOnlyAWish("claims", """{"userinfo":{"name":{"essential":true}}}""");

    [Fact]
    public async Task B_24_LoginHint_stands_in_the_form_also_of_nobody()
    {
        var (_, client, browser) = await Begin();
        using var __ = browser;
        var login = (await browser.Authorize(client, ("login_hint", "nobody@issuer.example"))).ShouldBePage("login");
        login.Document.QuerySelector("#handle")!.GetAttribute("value").ShouldBe("nobody@issuer.example");
        await ShouldBeOnlyAWish("login_hint", "nobody@issuer.example");
    }

    [Fact]
    public async Task B_17_PromptLogin_shows_the_page_again_and_the_second_sign_in_is_later()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var first = await EarlierAuthTime(provider, client, browser);
        var again = (await browser.Authorize(client, ("prompt", "login"))).ShouldBePage("login");
        (await AuthTime(client, await browser.SignIn(again, "ann@example.com"))).ShouldBeGreaterThan(first);
    }

    [Fact]
    public async Task B_18_PromptNoneNotLoggedIn_is_login_required_with_a_long_state()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var state = new string('s', 128);
        var visit = await browser.Authorize(client, ("prompt", "none"), ("state", state));
        visit.ShouldBeRefused(provider, "login_required")["state"].ShouldBe(state);
    }

    [Fact]
    public async Task B_19_PromptNoneLoggedIn_gives_a_code_in_one_step_with_the_same_auth_time()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var first = await AuthTime(client, await browser.SignInAndAllow(client, "ann@example.com"));
        var silent = (await browser.Authorize(client, ("prompt", "none"))).ShouldHaveCode(provider);
        silent.Steps.Count.ShouldBe(1);
        (await AuthTime(client, silent)).ShouldBe(first);
    }

    [Fact]
    public async Task B_20_MaxAge1_asks_again_after_two_seconds()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var first = await EarlierAuthTime(provider, client, browser);
        var again = (await browser.Authorize(client, ("max_age", "1"))).ShouldBePage("login");
        var visit = (await browser.SignIn(again, "ann@example.com")).ShouldHaveCode(provider);
        var second = await AuthTime(client, visit);
        second.ShouldBeGreaterThan(first);
        second.ShouldBeGreaterThanOrEqualTo(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 301);
    }

    [Fact]
    public async Task B_21_MaxAge10000_asks_nothing_and_keeps_the_auth_time()
    {
        var (_, client, browser) = await Begin();
        using var __ = browser;
        var first = await AuthTime(client, await browser.SignInAndAllow(client, "ann@example.com", ("max_age", "15000")));
        (await AuthTime(client, await browser.Authorize(client, ("max_age", "10000")))).ShouldBe(first);
    }

    [Fact]
    public async Task B_23_IdTokenHint_with_prompt_none_gives_a_code_for_the_same_user()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var hint = await IdToken(client, await browser.SignInAndAllow(client, "ann@example.com"));
        var visit = (await browser.Authorize(client, ("prompt", "none"), ("id_token_hint", hint))).ShouldHaveCode(provider);
        Claims(await IdToken(client, visit)).GetProperty("sub").GetString().ShouldBe(Claims(hint).GetProperty("sub").GetString());
    }

    [Fact]
    public async Task B_30_EnsureRegisteredRedirectUri_shows_an_error_page()
    {
        var (_, client, browser) = await Begin();
        using var __ = browser;
        var visit = await browser.Authorize(client, ("redirect_uri", $"{ProviderApp.RedirectUri}/qGt3"));
        visit.ShouldBeErrorPage("invalid_request").Html.ShouldNotContain("qGt3");
    }

    [Fact]
    public async Task B_31_EnsurePostRequestSucceeds_with_all_parameters_in_the_form()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var login = (await browser.Post("oauth2/authorize", client.AuthorizeParameters())).ShouldBePage("login");
        var visit = await browser.SignIn(login, "ann@example.com");
        (await browser.Submit(visit.ShouldBePage("consent"), "allow")).ShouldHaveCode(provider);
    }

    [Fact]
    public async Task B_32_ServerTestClientSecretPost_the_secret_in_the_form_gives_tokens()
    {
        var (provider, client, browser) = await Begin(s => s with { Authentication = ClientAuthenticationMethod.SecretPost });
        using var _ = browser;
        var visit = (await browser.SignInAndAllow(client, "ann@example.com")).ShouldHaveCode(provider);
        (string, string)[] form =
        [
            ("grant_type", GrantType.AuthorizationCode),
            ("code", visit.Code),
            ("redirect_uri", ProviderApp.RedirectUri),
            ("code_verifier", ProviderApp.Verifier),
            ("client_id", client.Id),
            ("client_secret", client.Secret!),
        ];
        var tokens = (await provider.Post("token", form)).ShouldBeOk();
        tokens.Claims("id_token").GetProperty("aud").GetString().ShouldBe(client.Id);
        await tokens.Text("id_token").ShouldBeSignedBy(provider);
        (await provider.UserInfo(tokens.Text("access_token"))).ShouldBeOk();
    }

    [Fact]
    public async Task B_33_RequestUriUnsignedSupportedCorrectlyOrRejectedAsUnsupported_by_redirect()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var visit = await browser.Authorize(client, ("request_uri", "https://client.example.com/request.jwt"));
        visit.ShouldBeRefused(provider, "request_uri_not_supported");
    }

    [Fact]
    public async Task B_34_UnsignedRequestObjectSupportedCorrectlyOrRejectedAsUnsupported_by_redirect()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        (await browser.Authorize(client, ("request", "eyJhbGciOiJub25lIn0.e30."))).ShouldBeRefused(provider, "request_not_supported");
    }

    [Fact]
    public async Task B_36_EnsureRequestObjectWithRedirectUri_answers_to_no_address_when_the_outer_one_is_bad()
    {
        var (_, client, browser) = await Begin();
        using var __ = browser;
        var visit = await browser.Authorize(client, ("request", "eyJhbGciOiJub25lIn0.e30."), ("redirect_uri", "https://evil.example/"));
        visit.ShouldBeErrorPage("invalid_request");
    }

    [Fact]
    public async Task B_38_EnsureRequestWithValidPkceSucceeds_to_the_tokens()
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        var visit = (await browser.SignInAndAllow(client, "ann@example.com")).ShouldHaveCode(provider);
        (await client.Exchange(visit.Code)).ShouldBeOk().Json.GetProperty("access_token").GetString().ShouldNotBeNullOrEmpty();
    }

    private async Task<(ProviderApp Provider, ProviderClient Client, Browser Browser)> Begin(
        Func<ClientSettings, ClientSettings>? change = null
    )
    {
        var provider = await ProviderApp.Create(servers);
        await provider.App.CreateUser("ann@example.com");
        return (provider, await provider.AddClient(change: change), new Browser(provider));
    }

    private async Task ShouldBeOnlyAWish(string parameter, string value)
    {
        var (provider, client, browser) = await Begin();
        using var _ = browser;
        (await browser.Authorize(client, (parameter, value))).ShouldBePage("login");
        (await browser.SignInAndAllow(client, "ann@example.com", (parameter, value))).ShouldHaveCode(provider);
    }

    /// <summary>As if the user had signed in two seconds ago; the time of that sign-in as the client sees it.</summary>
    private static async Task<long> EarlierAuthTime(ProviderApp provider, ProviderClient client, Browser browser)
    {
        (await browser.SignInAndAllow(client, "ann@example.com")).ShouldHaveCode(provider);
        await provider.Installation.Execute("UPDATE sessions SET created_at = created_at - 2000 WHERE app_id = @Id", new { provider.Id });
        return await AuthTime(client, (await browser.Authorize(client, ("prompt", "none"))).ShouldHaveCode(provider));
    }

    private static async Task<long> AuthTime(ProviderClient client, Visit visit) =>
        Claims(await IdToken(client, visit)).GetProperty("auth_time").GetInt64();

    private static async Task<string> IdToken(ProviderClient client, Visit visit) =>
        (await client.Exchange(visit.Code)).ShouldBeOk().Json.GetProperty("id_token").GetString()!;

    private static JsonElement Claims(string jwt) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(jwt.Split('.')[1])).RootElement;

    /// <summary>As the suite estimates it: Shannon's over the value's own characters.</summary>
    private static double Entropy(string value) =>
        value.GroupBy(c => c).Sum(group => -Math.Log2((double)group.Count() / value.Length) * group.Count());
}
