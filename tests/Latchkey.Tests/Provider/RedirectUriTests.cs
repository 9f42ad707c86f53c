using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Where answers may go: what was registered, letter by letter.</summary>
public sealed class RedirectUriTests(ServerFixture servers)
{
    private const string Loopback4 = "http://127.0.0.1/callback";
    private const string Loopback6 = "http://[::1]/callback";
    private const string Localhost = "http://localhost/callback";
    private const string Scheme = "com.example.app:/callback";

    [Fact]
    public async Task Row_21_66_A_loopback_address_works_at_any_port_also_for_the_tokens()
    {
        using var ann = await Native(Loopback4, Loopback6);
        foreach (var uri in new[] { "http://127.0.0.1:51004/callback", "http://[::1]:1/callback", "http://127.0.0.1:65535/callback" })
        {
            var visit = (await ann.SignIn(("redirect_uri", uri))).ShouldHaveCode(ann.Provider, uri);
            var exchange = await ann.Client.Token(
                ("grant_type", GrantType.AuthorizationCode),
                ("code", visit.Code),
                ("redirect_uri", uri),
                ("code_verifier", ProviderApp.Verifier)
            );
            exchange.ShouldBeOk();
        }
    }

    [Fact]
    public async Task Row_21_67_A_loopback_address_with_another_path_or_host_is_refused()
    {
        using var ann = await Native(Loopback4);
        foreach (
            var uri in new[]
            {
                "http://127.0.0.1:5000/callback/",
                "http://127.0.0.1:5000/Callback",
                "http://127.0.0.1:5000/callback?x=1",
                "http://127.0.0.1:5000",
                "http://127.0.0.2:5000/callback",
                "http://[::1]:5000/callback",
                "http://localhost:5000/callback",
                "https://127.0.0.1:5000/callback",
                "http://127.0.0.1:0/callback",
                "http://127.0.0.1:05000/callback",
                "http://127.0.0.1:65536/callback",
                "http://127.0.0.1:/callback",
                "http://127.0.0.1:5000@evil.example/callback",
                "http://user@127.0.0.1:5000/callback",
                "http://127.0.0.1.evil.example:5000/callback",
                "http://127.1:5000/callback",
                "http://127.0.0.1:5000\\@evil.example/callback",
            }
        )
        {
            (await ann.Authorize(("redirect_uri", uri))).ShouldBeErrorPage("not registered");
        }
    }

    [Fact]
    public async Task Row_21_68_A_web_client_has_no_free_port()
    {
        using var ann = await ProviderVisitor.Create(
            servers,
            change: settings => settings with { RedirectUris = ["https://client.example.com/callback", Loopback4] }
        );
        (await ann.Authorize(("redirect_uri", "https://client.example.com:444/callback"))).ShouldBeErrorPage("not registered");
        (await ann.Authorize(("redirect_uri", "https://client.example.com:443/callback"))).ShouldBeErrorPage("not registered");
        (await ann.Authorize(("redirect_uri", "http://127.0.0.1:5000/callback"))).ShouldBeErrorPage("not registered");
    }

    [Fact]
    public async Task Row_21_69_Localhost_has_a_free_port_if_it_is_registered()
    {
        using var ann = await Native(Localhost);
        const string uri = "http://localhost:4321/callback";
        (await ann.SignIn(("redirect_uri", uri))).ShouldHaveCode(ann.Provider, uri);
        (await ann.Authorize(("redirect_uri", "http://127.0.0.1:4321/callback"))).ShouldBeErrorPage("not registered");
    }

    [Fact]
    public async Task Row_21_71_A_public_native_client_with_a_scheme_of_its_own_is_never_answered_silently()
    {
        using var ann = await Native(Scheme, "https://app.example.com/callback", Loopback4);
        (await ann.SignIn(("redirect_uri", Scheme))).ShouldHaveCode(ann.Provider, Scheme);
        (await ann.Authorize(("redirect_uri", Scheme))).ShouldBePage("consent");
        (await ann.Authorize(("redirect_uri", Scheme), ("prompt", "none"))).ShouldBeRefused(ann.Provider, "consent_required", Scheme);
        (await ann.Authorize(("redirect_uri", "https://app.example.com/callback"), ("prompt", "none"))).ShouldHaveCode(
            ann.Provider,
            "https://app.example.com/callback"
        );
        (await ann.Authorize(("redirect_uri", Loopback4), ("prompt", "none"))).ShouldHaveCode(ann.Provider, Loopback4);
    }

    [Fact]
    public async Task Row_21_71_Such_a_client_of_the_developer_asks_at_least_who_goes_on()
    {
        using var ann = await ProviderVisitor.Create(
            servers,
            ClientType.Native,
            settings => settings with { RedirectUris = [Scheme], FirstParty = true }
        );
        (await ann.SignIn()).ShouldHaveCode(ann.Provider, Scheme);
        (await ann.Authorize(("prompt", "none"))).ShouldBeRefused(ann.Provider, "interaction_required", Scheme);
        await ann.MakeOlder(1);
        var choice = (await ann.Authorize()).ShouldBePage("login/account");
        (await ann.Browser.Submit(choice, "continue")).ShouldHaveCode(ann.Provider, Scheme);
    }

    [Fact]
    public async Task D_04_EnsureRedirectUriInAuthorizationRequest_with_two_registered_and_none_sent_is_an_error_page()
    {
        using var ann = await ProviderVisitor.Create(
            servers,
            change: settings => settings with { RedirectUris = [ProviderApp.RedirectUri, "https://client.example.com/other"] }
        );
        (await ann.Authorize(("redirect_uri", null))).ShouldBeErrorPage("redirect_uri is missing");
    }

    [Fact]
    public async Task D_05_RedirectUriQueryOK_keeps_the_query()
    {
        using var ann = await WithQuery();
        var visit = (await ann.SignIn()).ShouldHaveCode(ann.Provider, $"{UriWithQuery}&code=");
        visit["foo"].ShouldBe("bar");
    }

    [Fact]
    public async Task D_06_RedirectUriQueryMismatch_is_an_error_page()
    {
        using var ann = await WithQuery();
        (await ann.Authorize(("redirect_uri", UriWithQuery.Replace("bar", "baz", StringComparison.Ordinal)))).ShouldBeErrorPage(
            "not registered"
        );
        (await ann.Authorize(("redirect_uri", ProviderApp.RedirectUri))).ShouldBeErrorPage("not registered");
    }

    [Fact]
    public async Task D_07_RedirectUriQueryAdded_is_an_error_page()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("redirect_uri", UriWithQuery))).ShouldBeErrorPage("not registered");
    }

    private const string UriWithQuery = $"{ProviderApp.RedirectUri}?foo=bar";

    private Task<ProviderVisitor> WithQuery() =>
        ProviderVisitor.Create(servers, change: settings => settings with { RedirectUris = [UriWithQuery] });

    [Fact]
    public async Task Row_21_75_Addresses_are_compared_as_texts()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (
            var uri in new[]
            {
                "HTTPS://client.example.com/callback",
                "https://CLIENT.example.com/callback",
                "https://client.example.com/Callback",
                "https://client.example.com/%63allback",
                "https://client.example.com/./callback",
                "https://client.example.com/a/../callback",
                "https://client.example.com//callback",
                "https://client.example.com/callback/",
                "https://client.example.com/callback?",
                "https://client.example.com/callback#",
                "https://client.example.com/callback ",
                " https://client.example.com/callback",
                "https://client.example.com./callback",
            }
        )
        {
            (await ann.Authorize(("redirect_uri", uri))).ShouldBeErrorPage("not registered");
        }
    }

    [Fact]
    public async Task Row_9700_01_Only_the_very_text_that_was_registered_is_right()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("redirect_uri", ProviderApp.RedirectUri))).ShouldBePage("login");
        (await ann.Authorize(("redirect_uri", ProviderApp.RedirectUri + "x"))).ShouldBeErrorPage("not registered");
        (await ann.Authorize(("redirect_uri", ProviderApp.RedirectUri[..^1]))).ShouldBeErrorPage("not registered");
    }

    [Fact]
    public async Task Row_9700_02_The_port_of_a_native_app_is_free()
    {
        using var ann = await Native(Loopback4);
        const string uri = "http://127.0.0.1:40000/callback";
        (await ann.SignIn(("redirect_uri", uri))).ShouldHaveCode(ann.Provider, uri);
    }

    [Fact]
    public async Task Row_9700_04_A_bad_client_or_address_redirects_nobody()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        (await ann.Authorize(("client_id", "unknown"), ("prompt", "none"))).ShouldBeErrorPage("invalid_request");
        (await ann.Authorize(("redirect_uri", "https://evil.example/"), ("prompt", "none"))).ShouldBeErrorPage("invalid_request");
    }

    [Fact]
    public async Task Row_9700_06_A_silent_answer_goes_to_a_registered_address_only()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("prompt", "none"), ("redirect_uri", "https://evil.example/callback"))).Away.ShouldBeNull();
    }

    /// <summary>The ways in which an open redirect was written elsewhere.</summary>
    public static TheoryData<string> Spellings { get; } =
    [
        .. new[] { "https://evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example" },
        .. new[] { "/\\/evil.example", "\\/\\/evil.example", "https:evil.example", "https:/evil.example", "https:\\\\evil.example" },
        .. new[] { "https:\\evil.example", "http:evil.example", "hTTps://evil.example", "https://client.example.com@evil.example" },
        .. new[] { "https://client.example.com:pass@evil.example", "https://client.example.com%40evil.example/callback" },
        .. new[] { "https://client.example.com%2eevil.example", "https://client.example.com.evil.example/callback" },
        .. new[] { "https://evil.example/client.example.com/callback", "https://evil.example?https://client.example.com/callback" },
        .. new[] { "https://evil.example#https://client.example.com/callback", "https://evil.example\\client.example.com" },
        .. new[] { "https://client.example.com\\.evil.example", "https://client.example.com\\@evil.example", "https://evil。example" },
        .. new[] { "https://client.example.com/callback@evil.example", "https://client.example.com/callback/../../evil" },
        .. new[]
        {
            "https://client.example.com/callback\r\nLocation: https://evil.example",
            "https://client.example.com/callback%0d%0aX:1",
        },
        .. new[]
        {
            "\thttps://evil.example",
            "\nhttps://evil.example",
            " https://evil.example",
            "%20https://evil.example",
            "ht\ntps://evil.example",
        },
        .. new[]
        {
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
        },
        .. new[] { "blob:https://evil.example", "about:blank", "intent://evil#Intent;end", "view-source:https://evil.example" },
        .. new[]
        {
            "%68ttps://evil.example",
            "https%3a%2f%2fevil.example",
            "https%253a%252f%252fevil.example",
            "%2f%2fevil.example",
            "%5c%5cevil",
        },
        .. new[]
        {
            "https://client.example.com:80/callback",
            "https://client.example.com;evil.example/callback",
            "https://client.example.com,evil",
        },
        .. new[]
        {
            "https://[client.example.com]/callback",
            "https://client.example.com\u0000.evil.example",
            "https://client.example.com\u3002evil",
        },
        .. new[]
        {
            "https://clıent.example.com/callback",
            "https://client.example.com／callback",
            "//client.example.com/callback",
            "/callback",
        },
        .. new[]
        {
            "callback",
            ".",
            "..",
            "?",
            "#",
            "*",
            "https://*.example.com/callback",
            "https://client.example.com/*",
            "null",
            "undefined",
        },
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task No_spelling_of_a_foreign_address_leads_there(string spelling)
    {
        using var ann = await Shared.Value(servers);
        (await ann.Authorize(("redirect_uri", spelling))).Away.ShouldBeNull();
        (await ann.Authorize(("redirect_uri", spelling), ("prompt", "none"))).Away.ShouldBeNull();
        foreach (var name in new[] { "next", "url", "return_to", "continue", "target_link_uri", "RelayState", "post_login_redirect" })
        {
            (await ann.Browser.Open($"login?{name}={Uri.EscapeDataString(spelling)}")).ShouldBePage("login");
        }

        (await ann.Browser.Open($"consent?request={Uri.EscapeDataString(spelling)}")).Away.ShouldBeNull();
    }

    private static readonly Lazy<Func<ServerFixture, Task<ProviderVisitor>>> Shared = new(() =>
    {
        Task<ProviderVisitor>? one = null;
        var gate = new Lock();
        return async servers =>
        {
            lock (gate)
            {
                one ??= ProviderVisitor.Create(servers);
            }

            var made = await one;
            return made with { Browser = new Browser(made.Provider) };
        };
    });

    private Task<ProviderVisitor> Native(params string[] uris) =>
        ProviderVisitor.Create(servers, ClientType.Native, settings => settings with { RedirectUris = uris });
}
