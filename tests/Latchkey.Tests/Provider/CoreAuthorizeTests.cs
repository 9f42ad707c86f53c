using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>OpenID Connect Core at the authorization endpoint, beyond the certification suite.</summary>
public sealed class CoreAuthorizeTests(ServerFixture servers)
{
    [Fact]
    public async Task CORE_01_A_request_by_GET_and_by_POST_works()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.SignIn()).ShouldHaveCode(ann.Provider);
        (await ann.Browser.Post("oauth2/authorize", ann.Client.AuthorizeParameters())).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task CORE_02_Without_openid_there_is_no_ID_token_and_UserInfo_refuses_the_token()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var tokens = await ann.Tokens(await ann.SignIn(("scope", "profile")));
        tokens.TryGetProperty("id_token", out _).ShouldBeFalse();
        tokens.GetProperty("scope").GetString().ShouldBe("profile");
        (await ann.Provider.UserInfo(tokens.GetProperty("access_token").GetString()!)).ShouldRefuse(
            "insufficient_scope",
            System.Net.HttpStatusCode.Forbidden
        );
    }

    [Fact]
    public async Task CORE_03_An_unknown_scope_is_ignored_and_what_was_granted_is_said()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var tokens = await ann.Tokens(await ann.SignIn(("scope", "openid unheard-of email")));
        tokens.GetProperty("scope").GetString().ShouldBe("openid email");
        tokens.TryGetProperty("id_token", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task CORE_04_Prompt_none_with_another_value_is_invalid()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("prompt", "none login"))).ShouldBeRefused(ann.Provider, "invalid_request");
    }

    [Fact]
    public async Task CORE_05_Prompt_consent_asks_although_consent_is_remembered()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        (await ann.Authorize()).ShouldHaveCode(ann.Provider);
        (await ann.Authorize(("prompt", "consent"))).ShouldBePage("consent");
    }

    [Fact]
    public async Task CORE_05_Prompt_consent_asks_for_a_client_of_the_developer_too()
    {
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { FirstParty = true });
        (await ann.SignIn()).ShouldHaveCode(ann.Provider);
        (await ann.Authorize(("prompt", "consent"))).ShouldBePage("consent");
    }

    [Fact]
    public async Task CORE_06_Prompt_select_account_asks_who_goes_on()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        var choice = (await ann.Authorize(("prompt", "select_account"))).ShouldBePage("login/account");
        choice.Text.ShouldContain(ann.Handle);
        (await ann.Browser.Submit(choice, "continue")).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task CORE_06_Another_account_can_be_chosen_and_is_the_one_that_gets_in()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.Provider.App.CreateUser("ben@example.com");
        var first = await ann.IdToken(await ann.SignIn());
        var choice = await ann.Authorize(("prompt", "select_account"));
        var login = (await ann.Browser.Submit(choice, "other")).ShouldBePage("login");
        var consent = (await ann.Browser.SignIn(login, "ben@example.com")).ShouldBePage("consent");
        consent.Text.ShouldContain("ben@example.com");
        var second = await ann.IdToken(await ann.Browser.Submit(consent, "allow"));
        Subject(second).ShouldNotBe(Subject(first));
    }

    [Fact]
    public async Task CORE_07_Prompt_none_without_consent_is_consent_required()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        (await ann.Browser.SignIn(login, ann.Handle)).ShouldBePage("consent");
        (await ann.Authorize(("prompt", "none"))).ShouldBeRefused(ann.Provider, "consent_required");
        (await ann.Count("consents")).ShouldBe(0);
    }

    [Fact]
    public async Task CORE_08_Max_age_0_is_as_prompt_login()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        var login = (await ann.Authorize(("max_age", "0"))).ShouldBePage("login");
        (await ann.Browser.SignIn(login, ann.Handle)).ShouldHaveCode(ann.Provider);
        (await ann.Authorize(("max_age", "0"), ("prompt", "none"))).ShouldBeRefused(ann.Provider, "login_required");
    }

    [Fact]
    public async Task CORE_09_A_hint_of_another_user_gives_nothing_of_the_one_who_is_signed_in()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.Provider.App.CreateUser("ben@example.com");
        using var bens = new Browser(ann.Provider);
        var hint = await ann.IdToken(await bens.SignInAndAllow(ann.Client, "ben@example.com"));
        await ann.SignIn();
        (await ann.Authorize(("id_token_hint", hint), ("prompt", "none"))).ShouldBeRefused(ann.Provider, "login_required");
        var login = (await ann.Authorize(("id_token_hint", hint))).ShouldBePage("login");
        (await ann.Browser.SignIn(login, ann.Handle)).ShouldBeRefused(ann.Provider, "login_required");
        (await bens.Authorize(ann.Client, ("id_token_hint", hint), ("prompt", "none"))).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task CORE_10_A_hint_that_was_altered_or_is_of_another_issuer_is_an_error()
    {
        using var ann = await ProviderVisitor.Create(servers);
        using var other = await ProviderVisitor.Create(servers);
        var hint = await ann.IdToken(await ann.SignIn());
        var foreign = await other.IdToken(await other.SignIn());
        foreach (var bad in new[] { foreign, $"{hint[..^8]}AAAAAAAA", "nonsense", ann.Provider.App.Token })
        {
            (await ann.Authorize(("id_token_hint", bad))).ShouldBeRefused(ann.Provider, "invalid_request");
        }
    }

    [Fact]
    public async Task CORE_11_A_hint_that_has_expired_is_accepted_while_the_session_lives()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var hint = await ann.IdToken(await ann.SignIn());
        var keys = await ann.Provider.Installation.Get<Latchkey.Applications.ApplicationCache>();
        var claims = LoggedInUser.DecodePart(hint, 1);
        var old = Latchkey.Cryptography.Jwt.Write(
            (await keys.Find(ann.Provider.Id))!.SigningKey,
            "JWT",
            json =>
            {
                foreach (var claim in claims.EnumerateObject().Where(claim => claim.Name != "exp"))
                {
                    claim.WriteTo(json);
                }

                json.WriteNumber("exp", 1_700_000_000);
            }
        );
        (await ann.Authorize(("id_token_hint", old), ("prompt", "none"))).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task CORE_12_A_sub_in_claims_lets_only_that_user_answer()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var subject = Subject(await ann.IdToken(await ann.SignIn()));
        (await ann.Authorize(("claims", Claims(subject)), ("prompt", "none"))).ShouldHaveCode(ann.Provider);
        (await ann.Authorize(("claims", Claims("somebody-else")), ("prompt", "none"))).ShouldBeRefused(ann.Provider, "login_required");
        var login = (await ann.Authorize(("claims", Claims("somebody-else")))).ShouldBePage("login");
        (await ann.Browser.SignIn(login, ann.Handle)).ShouldBeRefused(ann.Provider, "login_required");

        static string Claims(string sub) => """{"id_token":{"sub":{"value":"SUB"}}}""".Replace("SUB", sub, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CORE_13_Unknown_members_of_claims_are_ignored_also_essential_ones()
    {
        using var ann = await ProviderVisitor.Create(servers);
        const string claims = """{"id_token":{"shoe":{"essential":true},"x":null},"userinfo":{"hat":{"essential":true}},"more":[1]}""";
        (await ann.SignIn(("claims", claims))).ShouldHaveCode(ann.Provider);
        foreach (var bad in new[] { "[]", "{", "1", "\"x\"", """{"id_token":{"sub":{"value":"\ud800"}}}""" })
        {
            (await ann.Authorize(("claims", bad))).ShouldBeRefused(ann.Provider, "invalid_request");
        }
    }

    [Fact]
    public async Task CORE_14_An_essential_acr_that_cannot_be_met_fails_the_sign_in()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        const string unknown = """{"id_token":{"acr":{"essential":true,"values":["phr"]}}}""";
        (await ann.Authorize(("claims", unknown))).ShouldBeRefused(ann.Provider, "unmet_authentication_requirements");
        const string two = """{"id_token":{"acr":{"essential":true,"value":"2"}}}""";
        var login = (await ann.Authorize(("claims", two))).ShouldBePage("login");
        (await ann.Browser.SignIn(login, ann.Handle)).ShouldBeRefused(ann.Provider, "unmet_authentication_requirements");
        const string one = """{"id_token":{"acr":{"essential":true,"values":["1","2"]}}}""";
        (await ann.Authorize(("claims", one))).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task CORE_15_A_voluntary_acr_that_is_not_met_is_answered_with_the_current_one()
    {
        using var ann = await ProviderVisitor.Create(servers);
        const string claims = """{"id_token":{"acr":{"values":["phr"]}}}""";
        var token = await ann.IdToken(await ann.SignIn(("claims", claims), ("acr_values", "phrh")));
        LoggedInUser.DecodePart(token, 1).GetProperty("acr").GetString().ShouldBe("1");
    }

    [Fact]
    public async Task CORE_17_Offline_access_is_ignored_where_the_client_has_no_refresh_tokens()
    {
        using var ann = await ProviderVisitor.Create(
            servers,
            change: settings => settings with { GrantTypes = [GrantType.AuthorizationCode] }
        );
        var login = await ann.Authorize(("scope", "openid offline_access"));
        var consent = (await ann.Browser.SignIn(login, ann.Handle)).ShouldBePage("consent");
        consent.Text.ShouldNotContain("while you are away");
        (await ann.Tokens(await ann.Browser.Submit(consent, "allow"))).TryGetProperty("refresh_token", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task CORE_18_Offline_access_is_named_on_the_consent_page_before_a_refresh_token_is_issued()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        (await ann.Authorize(("scope", "openid offline_access"), ("prompt", "none"))).ShouldBeRefused(ann.Provider, "consent_required");
        var consent = (await ann.Authorize(("scope", "openid offline_access"))).ShouldBePage("consent");
        consent.Text.ShouldContain("while you are away");
        (await ann.Tokens(await ann.Browser.Submit(consent, "allow"))).TryGetProperty("refresh_token", out _).ShouldBeTrue();
    }

    private static string Subject(string idToken) => LoggedInUser.DecodePart(idToken, 1).GetProperty("sub").GetString()!;
}
