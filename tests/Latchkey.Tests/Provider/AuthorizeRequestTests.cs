using System.Net;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>OAuth 2.1 and RFC 9700 at the authorization endpoint, and the issuer in its answers (RFC 9207).</summary>
public sealed class AuthorizeRequestTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_21_01_A_client_that_is_missing_or_unknown_gets_an_error_page()
    {
        using var ann = await ProviderVisitor.Create(servers);
        using var other = await ProviderVisitor.Create(servers);
        foreach (var id in new[] { null, "", "unknown", ann.Client.Id.ToUpperInvariant() + " ", other.Client.Id })
        {
            (await ann.Authorize(("client_id", id))).ShouldBeErrorPage("invalid_request");
        }
    }

    [Fact]
    public async Task Row_21_02_A_redirect_uri_that_is_missing_or_wrong_gets_an_error_page()
    {
        using var ann = await ProviderVisitor.Create(
            servers,
            change: settings => settings with { RedirectUris = [ProviderApp.RedirectUri, "https://client.example.com/other"] }
        );
        foreach (var uri in new[] { null, "", "https://client.example.com/third", "not a uri" })
        {
            (await ann.Authorize(("redirect_uri", uri))).ShouldBeErrorPage("invalid_request");
        }
    }

    [Fact]
    public async Task Row_21_03_A_redirect_uri_that_is_missing_gets_an_error_page_also_with_one_registered()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("redirect_uri", null))).ShouldBeErrorPage("redirect_uri is missing");
    }

    [Fact]
    public async Task Row_21_04_An_unknown_response_type_is_refused_by_redirect()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (var type in new[] { "token", "id_token", "code id_token", "CODE", "none", "foo" })
        {
            (await ann.Authorize(("response_type", type))).ShouldBeRefused(ann.Provider, "unsupported_response_type");
        }
    }

    [Fact]
    public async Task Row_21_05_A_client_without_the_code_grant_is_unauthorized()
    {
        using var ann = await ProviderVisitor.Create(
            servers,
            change: settings => settings with { GrantTypes = [GrantType.ClientCredentials], RedirectUris = [ProviderApp.RedirectUri] }
        );
        (await ann.Authorize()).ShouldBeRefused(ann.Provider, "unauthorized_client");
    }

    [Fact]
    public async Task Row_21_06_Any_parameter_that_comes_twice_makes_the_request_invalid()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var usual = ann.Client.AuthorizeParameters();
        foreach (var (name, value) in usual)
        {
            var visit = await ann.Browser.Open(ann.Client.UrlOf([.. usual, (name, value)]));
            if (name is "client_id" or "redirect_uri")
            {
                visit.ShouldBeErrorPage("comes twice");
            }
            else
            {
                visit.ShouldBeRefused(ann.Provider, "invalid_request")["state"].ShouldBe(name == "state" ? null : AuthorizeRequests.State);
            }
        }
    }

    [Fact]
    public async Task Row_21_07_An_empty_parameter_is_as_if_not_sent()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.SignIn(("prompt", ""), ("max_age", ""), ("claims", ""), ("nonce", ""), ("request", ""))).ShouldHaveCode(ann.Provider);
        (await ann.Authorize(("response_type", ""))).ShouldBeRefused(ann.Provider, "invalid_request");
    }

    [Fact]
    public async Task Row_21_08_An_unknown_parameter_is_ignored()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.SignIn(("extra", "\u202e<x>"), ("login", "1"))).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task Row_21_09_A_scope_that_is_malformed_or_not_allowed_is_invalid_scope()
    {
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { Scopes = ["openid", "email"] });
        foreach (var scope in new[] { "openid \"quoted\"", "op\\enid", "openid\temail", "openid é", "profile", "unknown", " " })
        {
            (await ann.Authorize(("scope", scope))).ShouldBeRefused(ann.Provider, "invalid_scope");
        }
    }

    [Fact]
    public async Task Row_21_10_No_scope_is_invalid_scope()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("scope", null))).ShouldBeRefused(ann.Provider, "invalid_scope");
    }

    [Fact]
    public async Task Row_21_11_The_query_of_a_registered_uri_is_kept()
    {
        const string uri = "https://client.example.com/callback?a=1";
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { RedirectUris = [uri] });
        (await ann.Authorize(("prompt", "none"))).Away.ShouldNotBeNull().ShouldStartWith($"{uri}&error=login_required");
    }

    [Fact]
    public async Task Row_21_12_A_user_who_does_not_want_to_is_access_denied()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        (await ann.Browser.Submit(login, "cancel")).ShouldBeRefused(ann.Provider, "access_denied");
        var consent = (await ann.Browser.SignIn(login, ann.Handle)).ShouldBePage("consent");
        (await ann.Browser.Submit(consent, "deny")).ShouldBeRefused(ann.Provider, "access_denied");
        (await ann.Count("consents")).ShouldBe(0);
    }

    [Fact]
    public async Task Row_21_13_A_server_with_too_much_to_do_says_so_by_redirect()
    {
        var server = await servers.Start();
        var provider = new ProviderApp(await App.CreateRsa(server, ["signupFlow=none", "callsPerSecond=1"]));
        var client = await provider.AddClient();
        using var browser = new Browser(provider);
        for (var i = 0; i < 50; i++)
        {
            if (await browser.Authorize(client, ("prompt", "none")) is { Error: "temporarily_unavailable" } refused)
            {
                refused.ShouldBeRefused(provider, "temporarily_unavailable")["state"].ShouldBe(AuthorizeRequests.State);
                return;
            }
        }

        Assert.Fail("fifty calls at once were all answered");
    }

    [Fact]
    public async Task Row_21_14_A_preflight_at_authorize_is_refused()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var request = ann.Provider.App.Server.Request(
            HttpMethod.Options,
            $"/apps/{ann.Provider.Id}/oauth2/authorize",
            ("Origin", "https://client.example.com"),
            ("Access-Control-Request-Method", "GET")
        );
        var reply = await ann.Provider.App.Server.Send(request);
        reply.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        reply.Headers.Keys.ShouldNotContain(name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Row_21_15_Every_form_is_answered_by_303()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        var consent = await ann.Browser.SignIn(login, ann.Handle);
        consent.Steps[0].ShouldBe(HttpStatusCode.SeeOther);
        (await ann.Browser.Submit(consent, "allow")).Steps.ShouldBe([HttpStatusCode.SeeOther]);
        (await ann.Browser.Post("login", [("handle", "x")])).Steps[0].ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Row_21_16_Pages_forbid_framing_copies_and_referrers()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        var consent = await ann.Browser.SignIn(login, ann.Handle);
        var error = await ann.Authorize(("client_id", "unknown"));
        foreach (var page in new[] { login, consent, error })
        {
            page.Headers["X-Frame-Options"].ShouldBe("DENY");
            page.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
            page.Headers["Cache-Control"].ShouldBe("no-store");
            page.Headers["Referrer-Policy"].ShouldBeOneOf("no-referrer", "same-origin"); // the latter sends nothing to other sites
        }

        (await ann.Authorize(("prompt", "none"))).Headers["Referrer-Policy"].ShouldBe("no-referrer");
    }

    [Fact]
    public async Task Row_21_17_A_public_client_without_a_challenge_is_refused_by_redirect()
    {
        using var ann = await ProviderVisitor.Create(servers, ClientType.Browser, settings => settings with { PkceRequired = false });
        (await ann.Authorize(("code_challenge", null), ("code_challenge_method", null))).ShouldBeRefused(ann.Provider, "invalid_request");
    }

    [Fact]
    public async Task Row_21_18_A_confidential_client_without_a_challenge_needs_a_setting()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("code_challenge", null), ("code_challenge_method", null))).ShouldBeRefused(ann.Provider, "invalid_request");
        using var ben = await ProviderVisitor.Create(servers, change: settings => settings with { PkceRequired = false });
        (await ben.SignIn(("code_challenge", null), ("code_challenge_method", null))).ShouldHaveCode(ben.Provider);
    }

    [Fact]
    public async Task Row_21_19_Any_method_but_S256_is_refused()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (var method in new[] { "plain", "s256", "S512", null })
        {
            (await ann.Authorize(("code_challenge_method", method))).ShouldBeRefused(ann.Provider, "invalid_request");
        }
    }

    [Fact]
    public async Task Row_21_20_A_challenge_must_be_43_characters_of_base64url()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var right = ProviderApp.ChallengeOf(ProviderApp.Verifier);
        foreach (var challenge in new[] { right[1..], right + "A", $"{right[1..]}=", $"{right[1..]}+", $"{right}\n" })
        {
            (await ann.Authorize(("code_challenge", challenge))).ShouldBeRefused(ann.Provider, "invalid_request");
        }
    }

    [Fact]
    public async Task Row_21_46_An_internal_fault_is_server_error_by_redirect()
    {
        var server = await servers.Start("--limits", "off");
        var provider = new ProviderApp(await App.CreateRsa(server, ["signupFlow=none"]));
        var client = await provider.AddClient();
        await provider.Installation.Execute("ALTER TABLE consents RENAME TO consents_elsewhere");
        using var browser = new Browser(provider);
        (await browser.Authorize(client)).ShouldBeRefused(provider, "server_error")["state"].ShouldBe(AuthorizeRequests.State);
        (await browser.Authorize(client, ("redirect_uri", "https://evil.example/"))).Away.ShouldBeNull();
    }

    [Fact]
    public async Task Row_9700_09_A_confidential_client_with_a_nonce_may_do_without_a_challenge_by_setting()
    {
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { PkceRequired = false });
        var visit = await ann.SignIn(("code_challenge", null), ("code_challenge_method", null));
        var tokens = await ann.Client.Token(
            ("grant_type", GrantType.AuthorizationCode),
            ("code", visit.Code),
            ("redirect_uri", ProviderApp.RedirectUri)
        );
        tokens.Claims("id_token").GetProperty("nonce").GetString().ShouldBe(AuthorizeRequests.Nonce);
    }

    [Fact]
    public async Task Row_9700_10_A_challenge_that_was_sent_is_enforced()
    {
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { PkceRequired = false });
        var visit = await ann.SignIn();
        var exchange = await ann.Client.Token(
            ("grant_type", GrantType.AuthorizationCode),
            ("code", visit.Code),
            ("redirect_uri", ProviderApp.RedirectUri)
        );
        exchange.ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_9700_14_A_challenge_is_bound_to_its_code()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        var other = await ann.Authorize(("code_challenge", ProviderApp.ChallengeOf(new string('x', 50))));
        (await ann.Client.Exchange(other.Code)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_9700_24_A_page_of_another_origin_gets_nothing_from_authorize()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var reply = await ann.Provider.App.Server.Get(
            new Uri(ann.Client.AuthorizeUrl(("prompt", "none"))).PathAndQuery,
            ("Origin", "https://client.example.com")
        );
        reply.Status.ShouldBe(HttpStatusCode.SeeOther);
        reply.Headers.Keys.ShouldNotContain(name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Row_9700_32_Forwarded_headers_from_outside_change_no_address()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (var name in new[] { "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Original-URL", "X-Forwarded-Prefix" })
        {
            var reply = await ann.Provider.App.Server.Get(
                new Uri(ann.Client.AuthorizeUrl()).PathAndQuery,
                (name, name == "Forwarded" ? "host=evil.example;proto=https" : "evil.example")
            );
            reply.Header("Location").ShouldNotBeNull().ShouldStartWith($"{ann.Provider.Issuer}/login?request=");
        }
    }

    [Fact]
    public async Task Row_9700_33_Answers_in_fragments_and_messages_are_not_offered()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (var mode in new[] { "fragment", "web_message", "jwt" })
        {
            (await ann.Authorize(("response_mode", mode))).ShouldBeRefused(ann.Provider, "invalid_request");
        }

        (await ann.SignIn(("response_mode", "query"))).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task Row_9207_01_A_code_comes_with_the_issuer()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.SignIn())["iss"].ShouldBe(ann.Provider.Issuer);
    }

    [Fact]
    public async Task Row_9207_02_Every_error_by_redirect_comes_with_the_issuer()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (
            var (name, value) in new[] { ("prompt", "none"), ("response_type", "x"), ("scope", "x"), ("request", "x"), ("max_age", "x") }
        )
        {
            (await ann.Authorize((name, value)))["iss"].ShouldBe(ann.Provider.Issuer);
        }
    }

    [Fact]
    public async Task Row_9207_03_The_issuer_is_that_of_the_metadata_and_of_ID_tokens()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var visit = await ann.SignIn();
        var issuer = visit["iss"];
        LoggedInUser.DecodePart(await ann.IdToken(visit), 1).GetProperty("iss").GetString().ShouldBe(issuer);
        var metadata = await ann.Provider.App.Server.Get($"/apps/{ann.Provider.Id}/.well-known/openid-configuration");
        metadata.Json.GetProperty("issuer").GetString().ShouldBe(issuer);
    }

    [Fact]
    public async Task Row_9207_06_Two_applications_have_each_their_own_issuer()
    {
        using var ann = await ProviderVisitor.Create(servers);
        using var ben = await ProviderVisitor.Create(servers);
        (await ann.SignIn())["iss"].ShouldNotBe((await ben.SignIn())["iss"]);
    }

    [Fact]
    public async Task Row_9207_07_An_answer_as_a_JWT_is_not_offered_so_the_issuer_is_a_parameter()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (var mode in new[] { "jwt", "query.jwt", "fragment.jwt", "form_post.jwt" })
        {
            var visit = (await ann.Authorize(("response_mode", mode))).ShouldBeRefused(ann.Provider, "invalid_request");
            visit["iss"].ShouldBe(ann.Provider.Issuer);
            visit["response"].ShouldBeNull();
        }

        var metadata = (await ann.Provider.Get(Discovery.OpenIdPath)).ShouldBeOk().Json;
        metadata.GetProperty("response_modes_supported").Names().ShouldBe(["query", "form_post"]);
    }

    [Fact]
    public async Task F_16_EnsureAuthorizationRequestWithoutStateSuccess_gives_no_state()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var visit = (await ann.SignIn(("state", null))).ShouldHaveCode(ann.Provider);
        visit["state"].ShouldBeNull();
    }

    [Fact]
    public async Task F_18_EnsureAuthorizationRequestWithLongState_gives_it_back_whole()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var state = string.Concat(Enumerable.Repeat("ab+/=&%20", 120))[..1000];
        (await ann.SignIn(("state", state)))["state"].ShouldBe(state);
    }

    [Fact]
    public async Task F_19_UserRejectsAuthentication_is_access_denied()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var visit = await ann.Browser.Submit(await ann.Authorize(), "cancel");
        visit.ShouldBeRefused(ann.Provider, "access_denied")["state"].ShouldBe(AuthorizeRequests.State);
    }

    [Fact]
    public async Task F_20_EnsureResponseTypeTokenFails_without_a_token()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var visit = (await ann.Authorize(("response_type", "token"))).ShouldBeRefused(ann.Provider, "unsupported_response_type");
        visit.Away.ShouldNotBeNull().ShouldNotContain("access_token");
    }

    [Fact]
    public async Task A_request_that_is_too_large_for_an_address_is_refused_by_redirect()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var form = ann.Client.AuthorizeParameters(("nonce", new string('n', 8000)));
        (await ann.Browser.Post("oauth2/authorize", form)).ShouldBeRefused(ann.Provider, "invalid_request");
    }

    [Fact]
    public async Task An_application_that_is_suspended_shows_a_page_and_redirects_nobody()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.Provider.Installation.Run("app", "set", ann.Provider.Id, "jwtEnabled=false");
        var visit = await WaitUntil.IsNotNull(
            "the server follows",
            async () => await ann.Authorize() is { Status: HttpStatusCode.ServiceUnavailable } closed ? closed : null
        );
        visit.Away.ShouldBeNull();
        visit.Heading.ShouldBe("You cannot sign in here now");
    }
}
