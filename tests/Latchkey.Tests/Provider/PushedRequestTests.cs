using System.Net;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Pushed authorization requests (RFC 9126), and the modules of FAPI 2 about them.</summary>
public sealed class PushedRequestTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_9126_01_A_request_is_pushed_by_a_form()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var reply = await ann.Client.Push();
        reply.Status.ShouldBe(HttpStatusCode.Created, reply.Text);
        reply.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        reply.Header("Cache-Control").ShouldBe("no-store");
        reply.Json.EnumerateObject().Select(member => member.Name).ShouldBe(["request_uri", "expires_in"]);
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBeInRange(5, 600);
    }

    [Fact]
    public async Task Row_9126_02_Another_method_is_405()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            var reply = await ann.Provider.App.Server.Send(ann.Provider.App.Server.Request(method, $"/apps/{ann.Provider.Id}/oauth2/par"));
            reply.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        }
    }

    [Fact]
    public async Task Row_9126_03_The_client_proves_itself_as_at_the_token_endpoint()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Provider.Post("par", ann.Client.AuthorizeParameters())).ShouldRefuseClient();
        (await ann.Provider.Post("par", ann.Client.AuthorizeParameters(("client_secret", "wrong")))).ShouldRefuseClient();
        using var ben = await ProviderVisitor.Create(servers, ClientType.Browser);
        (await ben.Client.Push()).ShouldBeCreated();
    }

    [Fact]
    public async Task Row_9126_04_A_request_uri_inside_is_refused()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var inside = await ann.Client.PushedUri();
        (await ann.Client.Push(("request_uri", inside))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_9126_05_All_rules_of_authorize_are_checked_when_it_is_pushed()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Push(("response_type", "token"))).ShouldRefuse("unsupported_response_type");
        (await ann.Client.Push(("scope", "unknown"))).ShouldRefuse("invalid_scope");
        (await ann.Client.Push(("prompt", "none login"))).ShouldRefuse("invalid_request");
        (await ann.Client.Push(("redirect_uri", null))).ShouldRefuse("invalid_request");
        (await ann.Client.Push(("resource", "https://nobody.example"))).ShouldRefuse("invalid_target");
        (await ann.Provider.Post("par", [.. ann.Client.AuthorizeParameters(), ("nonce", "b")], ann.Client.Basic)).ShouldRefuse(
            "invalid_request"
        );
    }

    [Fact]
    public async Task Row_9126_06_A_request_uri_is_a_urn_that_nobody_guesses()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var (one, other) = (await ann.Client.PushedUri(), await ann.Client.PushedUri());
        one.ShouldStartWith("urn:ietf:params:oauth:request_uri:");
        one.ShouldNotBe(other);
        (await Use(ann, $"{one[..^4]}AAAA")).ShouldBeErrorPage("invalid_request_uri");
    }

    [Fact]
    public async Task Row_9126_07_Another_client_cannot_use_it()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var other = await ann.Provider.AddClient();
        (await Use(ann with { Client = other }, await ann.Client.PushedUri())).ShouldBeErrorPage("invalid_request_uri");
    }

    [Fact]
    public async Task Row_9126_08_One_that_has_expired_is_refused()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await Use(ann, await Expired(ann))).ShouldBeErrorPage("invalid_request_uri");
    }

    [Fact]
    public async Task Row_9126_09_It_leads_to_one_code_and_can_be_loaded_again_before()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var uri = await ann.Client.PushedUri();
        var first = (await Use(ann, uri)).ShouldBePage("login");
        (await Use(ann, uri)).ShouldBePage("login");
        var consent = await ann.Browser.SignIn(first, ann.Handle);
        (await ann.Browser.Submit(consent, "allow")).ShouldHaveCode(ann.Provider);
        (await Use(ann, uri)).ShouldBeRefused(ann.Provider, "invalid_request_uri");
        (await ann.Browser.Submit(consent, "allow")).ShouldBeRefused(ann.Provider, "invalid_request_uri");
    }

    [Fact]
    public async Task Row_9126_10_What_changed_since_is_found_out_at_authorize()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var uri = await ann.Client.PushedUri();
        await Change(ann, settings => settings with { Scopes = ["email"] });
        (await Use(ann, uri)).ShouldBeRefused(ann.Provider, "invalid_scope");
        await Change(ann, settings => settings with { RedirectUris = [] });
        (await Use(ann, uri)).ShouldBeErrorPage("not registered");
        var (store, database) = (
            await ann.Provider.Installation.Get<ClientStore>(),
            await ann.Provider.Installation.Get<Latchkey.Data.Database>()
        );
        await database.Write(db => store.Delete(db, ann.Provider.Id, ann.Client.Id));
        (await Use(ann, uri)).ShouldBeErrorPage("unknown");
    }

    [Fact]
    public async Task Row_9126_11_One_that_is_too_large_is_413()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Push(("nonce", new string('n', 8000)))).ShouldRefuse("invalid_request", HttpStatusCode.RequestEntityTooLarge);
        (await ann.Client.Push(("nonce", new string('n', 200_000)))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Row_9126_12_Too_many_are_429()
    {
        var server = await servers.Start();
        var provider = new ProviderApp(await App.CreateRsa(server, ["signupFlow=none", "callsPerSecond=1"]));
        var client = await provider.AddClient();
        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.Push()));
        var refused = replies.First(reply => reply.Status != HttpStatusCode.Created);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Header("Retry-After").ShouldNotBeNull();
    }

    [Fact]
    public async Task Row_9126_13_The_metadata_name_the_endpoint()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var metadata = await ann.Provider.App.Server.Get($"/apps/{ann.Provider.Id}/.well-known/openid-configuration");
        metadata.Json.GetProperty("pushed_authorization_request_endpoint").GetString().ShouldBe($"{ann.Provider.Issuer}/oauth2/par");
    }

    [Fact]
    public async Task Row_9126_14_A_client_that_must_push_is_refused_otherwise()
    {
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { PushedRequestsRequired = true });
        (await ann.Authorize()).ShouldBeRefused(ann.Provider, "invalid_request");
        (await Use(ann, await ann.Client.PushedUri())).ShouldBePage("login");
    }

    [Fact]
    public async Task Row_9126_15_Only_what_was_pushed_counts()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        var uri = await ann.Client.PushedUri(("state", "pushed"));
        var visit = await ann.Browser.Open(
            ann.Client.UrlOf([
                ("client_id", ann.Client.Id),
                ("request_uri", uri),
                ("state", "beside"),
                ("redirect_uri", "https://evil.example/"),
                ("prompt", "none login"),
            ])
        );
        visit.ShouldHaveCode(ann.Provider)["state"].ShouldBe("pushed");
    }

    [Fact]
    public async Task Row_9126_16_A_redirect_uri_that_is_not_registered_is_refused()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Push(("redirect_uri", "https://evil.example/"))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_9126_17_A_request_object_is_refused_as_the_metadata_say()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Push(("request", "eyJhbGciOiJub25lIn0.e30."))).ShouldRefuse("request_not_supported");
        var metadata = await ann.Provider.App.Server.Get($"/apps/{ann.Provider.Id}/.well-known/openid-configuration");
        metadata.Json.GetProperty("request_parameter_supported").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task F_01_PAREnsurePKCERequired_is_invalid_request()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Push(("code_challenge", null), ("code_challenge_method", null))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task F_02_PAREnsurePlainPKCERejected_is_invalid_request()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Push(("code_challenge_method", "plain"))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task F_03_PAREnsurePKCECodeVerifierRequired_is_invalid_grant()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var code = (await Finish(ann)).Code;
        (
            await ann.Client.Token(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", ProviderApp.RedirectUri))
        ).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task F_04_PARIncorrectPKCECodeVerifierRejected_is_invalid_grant()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var exchange = await ann.Client.Token(
            ("grant_type", "authorization_code"),
            ("code", (await Finish(ann)).Code),
            ("redirect_uri", ProviderApp.RedirectUri),
            ("code_verifier", new string('v', 43))
        );
        exchange.ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task F_05_PARAttemptReuseRequestUri_is_invalid_request_uri()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        var uri = await ann.Client.PushedUri();
        (await Use(ann, uri)).ShouldHaveCode(ann.Provider);
        (await Use(ann, uri)).ShouldBeRefused(ann.Provider, "invalid_request_uri");
    }

    [Fact]
    public async Task F_06_PARAttemptToUseExpiredRequestUri_is_an_error_page()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        (await Use(ann, await Expired(ann))).ShouldBeErrorPage("invalid_request_uri");
    }

    [Fact]
    public async Task F_07_PAREnsureRequestUriIsBoundToClient_is_an_error_page()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        var other = await ann.Provider.AddClient();
        (await Use(ann with { Client = other }, await ann.Client.PushedUri())).ShouldBeErrorPage("invalid_request_uri");
    }

    [Fact]
    public async Task F_08_PAREnsureServerAcceptsReusedRequestUriBeforeAuthenticationCompletion_shows_the_page_again()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var uri = await ann.Client.PushedUri();
        (await Use(ann, uri)).ShouldBePage("login");
        var login = (await Use(ann, uri)).ShouldBePage("login");
        (await ann.Browser.Submit(await ann.Browser.SignIn(login, ann.Handle), "allow")).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task F_09_PARRejectInvalidHttpVerb_is_405()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var path = new Uri(ann.Client.AuthorizeUrl()).PathAndQuery.Replace("/authorize?", "/par?", StringComparison.Ordinal);
        (await ann.Provider.App.Server.Get(path, ann.Client.Basic)).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task F_10_PARRejectRequestUriInParAuthorizationFormParams_is_invalid_request()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Push(("request_uri", "https://client.example.com/request"))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task F_11_ParWithoutDuplicateParameters_succeeds()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Exchange((await Finish(ann)).Code)).ShouldBeOk();
    }

    [Fact]
    public async Task F_12_EnsureUnsignedAuthorizationRequestWithoutUsingParFails_by_redirect()
    {
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { PushedRequestsRequired = true });
        (await ann.Authorize()).ShouldBeRefused(ann.Provider, "invalid_request");
    }

    private static Task<Visit> Use(ProviderVisitor ann, string uri) =>
        ann.Browser.Open(ann.Client.UrlOf([("client_id", ann.Client.Id), ("request_uri", uri)]));

    private static async Task<Visit> Finish(ProviderVisitor ann)
    {
        var login = await Use(ann, await ann.Client.PushedUri());
        return (await ann.Browser.Submit(await ann.Browser.SignIn(login, ann.Handle), "allow")).ShouldHaveCode(ann.Provider);
    }

    /// <summary>A request URI as the server gave it six minutes ago.</summary>
    private static async Task<string> Expired(ProviderVisitor ann)
    {
        var (pendings, cache) = (
            await ann.Provider.Installation.Get<PendingAuthorizations>(),
            await ann.Provider.Installation.Get<Latchkey.Applications.ApplicationCache>()
        );
        var query = new Uri(ann.Client.AuthorizeUrl()).Query[1..];
        var pending = new PendingAuthorization("old", query, ann.Client.Id, true, 0, TimeProvider.System.Now() - 60_000);
        return PushedRequests.UriPrefix + pendings.Write((await cache.Find(ann.Provider.Id))!, pending);
    }

    private static async Task Change(ProviderVisitor ann, Func<ClientSettings, ClientSettings> change)
    {
        var (store, database) = (await ann.Provider.Installation.Get<ClientStore>(), await ann.Provider.Installation.Get<Database>());
        await database.Write(db => store.Update(db, ann.Client.Row with { Settings = change(ann.Client.Row.Settings) }));
    }
}
