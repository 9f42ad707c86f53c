using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;

namespace Latchkey.Tests.Provider;

/// <summary>Token exchange, row by row (RFC 8693).</summary>
public sealed class TokenExchangeTests(ServerFixture servers)
{
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    private const string RefreshToken = "urn:ietf:params:oauth:token-type:refresh_token";
    private const string Api = "https://api.example.com";
    private const string Backend = "https://backend.example.com";
    private const string Third = "https://third.example.com";

    [Fact]
    public async Task Row_8693_01_without_the_grant_it_is_refused_also_for_a_public_client()
    {
        var desk = await Desk.Create(servers);
        var other = await desk.Provider.AddClient(ClientType.Service);
        (await other.Token(desk.Form())).ShouldRefuse("unauthorized_client");
        var open = await desk.Provider.AddClient(
            ClientType.Native,
            settings => settings with { GrantTypes = [GrantType.TokenExchange], ExchangeAudiences = [Backend] }
        );
        (await open.Token(desk.Form())).ShouldRefuse("unauthorized_client");
    }

    [Fact]
    public async Task Row_8693_02_a_missing_subject_token_is_invalid_request()
    {
        var desk = await Desk.Create(servers);
        (await desk.Client.Token(desk.FormWithout("subject_token"))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_8693_03_a_missing_or_unknown_type_of_the_subject_token_is_invalid_request()
    {
        var desk = await Desk.Create(servers);
        (await desk.Client.Token(desk.FormWithout("subject_token_type"))).ShouldRefuse("invalid_request");
        foreach (var type in new[] { RefreshToken, "urn:ietf:params:oauth:token-type:saml2", "access_token" })
        {
            (await Send(type)).ShouldRefuse("invalid_request");
        }

        (await Send("urn:ietf:params:oauth:token-type:jwt")).ShouldBeOk();

        Task<Reply> Send(string type) => desk.Client.Token([.. desk.FormWithout("subject_token_type"), ("subject_token_type", type)]);
    }

    [Fact]
    public async Task Row_8693_04_an_actor_token_and_its_type_come_together()
    {
        var desk = await Desk.Create(servers);
        var (token, type) = (("actor_token", await desk.ActorToken()), ("actor_token_type", AccessToken));
        (await desk.Client.Token([.. desk.Form(), token])).ShouldRefuse("invalid_request");
        (await desk.Client.Token([.. desk.Form(), type])).ShouldRefuse("invalid_request");
        (await desk.Client.Token([.. desk.Form(), token, ("actor_token_type", RefreshToken)])).ShouldRefuse("invalid_request");
        (await desk.Client.Token([.. desk.Form(), token, type])).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8693_06_another_requested_type_than_access_token_is_invalid_request()
    {
        var desk = await Desk.Create(servers);
        foreach (var type in new[] { RefreshToken, "urn:ietf:params:oauth:token-type:id_token", "unheard-of" })
        {
            (await desk.Client.Token([.. desk.Form(), ("requested_token_type", type)])).ShouldRefuse("invalid_request");
        }

        (await desk.Client.Token([.. desk.Form(), ("requested_token_type", AccessToken)])).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8693_05_tokens_that_are_not_in_order_are_invalid_request()
    {
        var desk = await Desk.Create(servers);
        var user = await desk.Provider.App.CreateUser("bob@example.com");
        var actor = await desk.ActorToken();
        string[] subjects =
        [
            "made-up",
            desk.Subject[..^2],
            await desk.Change(token => token with { ExpiresAt = 1 }),
            user.Jwt,
            user.AccessToken,
            actor, // of a service, not of a user
        ];
        foreach (var subject in subjects)
        {
            (await desk.Client.Token(desk.Form(subject))).ShouldRefuse("invalid_request");
        }

        string[] actors = ["made-up", actor[..^2], desk.Subject];
        foreach (var one in actors)
        {
            (await desk.Client.Token([.. desk.Form(), ("actor_token", one), ("actor_token_type", AccessToken)])).ShouldRefuse(
                "invalid_request"
            );
        }
    }

    [Fact]
    public async Task Row_8693_05_a_session_that_is_over_ends_the_exchange_and_the_exchanged_tokens()
    {
        var desk = await Desk.Create(servers);
        var exchanged = (await desk.Client.Token(desk.Form())).Text("access_token");
        (await desk.Client.Token(desk.Form(exchanged))).ShouldBeOk();
        (await desk.User.Post("logout", new { })).ShouldBeOk();
        (await desk.Client.Token(desk.Form())).ShouldRefuse("invalid_request");
        (await desk.Client.Token(desk.Form(exchanged))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Exchanged_tokens_end_with_the_client_that_exchanged_them()
    {
        var desk = await Desk.Create(servers);
        var exchanged = (await desk.Client.Token(desk.Form())).Text("access_token");
        var api = await desk.Provider.AddClient(ClientType.Service, settings => settings with { Resources = [Backend] });
        (await api.Introspect(exchanged)).IsActive().ShouldBeTrue();
        (await desk.Provider.App.SendAsServer(HttpMethod.Delete, $"clients/{desk.Client.Id}")).ShouldBeTrue();
        (await api.Introspect(exchanged)).IsActive().ShouldBeFalse();
    }

    [Fact]
    public async Task Row_8693_07_only_for_the_audiences_of_the_clients_list()
    {
        var desk = await Desk.Create(servers);
        foreach (var name in new[] { "audience", "resource" })
        {
            foreach (var target in new[] { Api, desk.Provider.Issuer, "https://unknown.example.com", "backend" })
            {
                (await desk.Client.Token(desk.Form(target: (name, target)))).ShouldRefuse("invalid_target");
            }

            (await desk.Client.Token([.. desk.Form(target: (name, Backend)), (name, Api)])).ShouldRefuse("invalid_target");
            (await desk.Client.Token(desk.Form(target: (name, Backend))))
                .Claims("access_token")
                .GetProperty("aud")
                .GetString()
                .ShouldBe(Backend);
        }

        (await desk.Client.Token(desk.FormWithout("audience"))).ShouldRefuse("invalid_target");
    }

    [Fact]
    public async Task Row_8693_08_the_scope_never_grows()
    {
        var desk = await Desk.Create(servers);
        (await desk.Client.Token([.. desk.Form(), ("scope", "read write")])).ShouldRefuse("invalid_scope");
        (await desk.Client.Token([.. desk.Form(), ("scope", "admin")])).ShouldRefuse("invalid_scope");
        (await desk.Client.Token([.. desk.Form(), ("scope", "read")])).Text("scope").ShouldBe("read");
        (await desk.Client.Token(desk.Form())).Text("scope").ShouldBe("read");
        (await desk.Client.Token([.. desk.Form(target: ("audience", Third)), ("scope", "read")])).ShouldRefuse("invalid_scope");
        var bare = (await desk.Client.Token(desk.Form(target: ("audience", Third)))).Claims("access_token");
        bare.GetProperty("aud").GetString().ShouldBe(Third);
        bare.TryGetProperty("scope", out _).ShouldBeFalse(); // no scope of the token is its own
    }

    [Fact]
    public async Task A_token_that_is_not_meant_for_the_client_cannot_be_exchanged()
    {
        var desk = await Desk.Create(servers);
        var stranger = await desk.Provider.AddClient(
            ClientType.Service,
            settings => settings with { GrantTypes = [GrantType.TokenExchange], ExchangeAudiences = [Backend], Resources = [Third] }
        );
        (await stranger.Token(desk.Form())).ShouldRefuse("invalid_request");
        var forIssuer = await desk.Change(token => token with { Audiences = [desk.Provider.Issuer] });
        (await stranger.Token(desk.Form(forIssuer))).ShouldBeOk();
        var forThird = await desk.Change(token => token with { Audiences = [Api, Third] });
        (await stranger.Token(desk.Form(forThird))).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8693_09_the_answer_has_its_members()
    {
        var desk = await Desk.Create(servers);
        var reply = await desk.Client.Token(desk.Form());
        reply.Text("issued_token_type").ShouldBe(AccessToken);
        reply.Text("token_type").ShouldBe("Bearer");
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBePositive();
        reply.Text("scope").ShouldBe("read");
        reply.Header("Cache-Control").ShouldBe("no-store");
    }

    [Fact]
    public async Task Row_8693_14_there_is_no_refresh_token_and_no_grant_also_for_a_client_that_may_refresh()
    {
        var desk = await Desk.Create(servers, GrantType.RefreshToken);
        var before = await desk.Provider.Count("session_grants");
        (await desk.Client.Token(desk.Form()))
            .ShouldBeOk()
            .Json.EnumerateObject()
            .Select(member => member.Name)
            .ShouldBe(["access_token", "token_type", "expires_in", "scope", "issued_token_type"], ignoreOrder: true);
        (await desk.Provider.Count("session_grants")).ShouldBe(before);
    }

    [Fact]
    public async Task Row_8693_10_with_an_actor_token_the_actor_is_named_and_earlier_ones_are_inside()
    {
        var desk = await Desk.Create(servers);
        var first = await desk.Client.Token([.. desk.Form(), ("actor_token", await desk.ActorToken()), ("actor_token_type", AccessToken)]);
        var claims = first.Claims("access_token");
        claims.GetProperty("sub").GetString().ShouldBe(desk.SubjectClaims.GetProperty("sub").GetString());
        claims.GetProperty("client_id").GetString().ShouldBe(desk.Client.Id);
        claims.GetProperty("act").GetProperty("sub").GetString().ShouldBe(desk.Actor.Id);

        var other = await desk.Provider.AddClient(ClientType.Service);
        var token = (await other.Token(("grant_type", GrantType.ClientCredentials))).Text("access_token");
        var second = await desk.Client.Token([
            .. desk.Form(first.Text("access_token")),
            ("actor_token", token),
            ("actor_token_type", AccessToken),
        ]);
        var act = second.Claims("access_token").GetProperty("act");
        act.GetProperty("sub").GetString().ShouldBe(other.Id);
        act.GetProperty("act").GetProperty("sub").GetString().ShouldBe(desk.Actor.Id);
    }

    [Fact]
    public async Task Row_8693_11_without_an_actor_token_there_is_no_act()
    {
        var desk = await Desk.Create(servers);
        (await desk.Client.Token(desk.Form())).Claims("access_token").TryGetProperty("act", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Row_8693_12_may_act_names_the_only_one_who_may()
    {
        var desk = await Desk.Create(servers);
        (string, string)[] asActor = [("actor_token", await desk.ActorToken()), ("actor_token_type", AccessToken)];
        var forActor = await desk.Change(token => token with { MayAct = $$"""{"sub":"{{desk.Actor.Id}}"}""" });
        var forClient = await desk.Change(token => token with { MayAct = $$"""{"sub":"{{desk.Client.Id}}"}""" });
        (await desk.Client.Token([.. desk.Form(forActor), .. asActor])).ShouldBeOk();
        (await desk.Client.Token(desk.Form(forActor))).ShouldRefuse("invalid_request");
        (await desk.Client.Token([.. desk.Form(forClient), .. asActor])).ShouldRefuse("invalid_request");
        var exchanged = (await desk.Client.Token(desk.Form(forClient))).Text("access_token");
        (await desk.Client.Token([.. desk.Form(exchanged), .. asActor])).ShouldRefuse("invalid_request");
        foreach (var odd in new[] { "{}", "[]", "true", """{"sub":1}""" })
        {
            (await desk.Client.Token(desk.Form(await desk.Change(token => token with { MayAct = odd })))).ShouldRefuse("invalid_request");
        }
    }

    [Fact]
    public async Task Row_8693_13_earlier_actors_give_no_rights()
    {
        var desk = await Desk.Create(servers);
        var rule = $$"""{"sub":"{{desk.Actor.Id}}"}""";
        var token = await desk.Change(token => token with { MayAct = rule, Actor = rule });
        (await desk.Client.Token(desk.Form(token))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_8693_15_the_new_token_ends_no_later_than_the_old_one()
    {
        var desk = await Desk.Create(servers);
        var end = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 60;
        var brief = await desk.Change(token => token with { ExpiresAt = end });
        var reply = await desk.Client.Token(desk.Form(brief));
        reply.Claims("access_token").GetProperty("exp").GetInt64().ShouldBe(end);
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBeInRange(1, 60);
        var lasting = await desk.Client.Token(desk.Form());
        lasting.Json.GetProperty("expires_in").GetInt64().ShouldBeInRange(540, 600); // the resource's own, from when the subject's began
    }

    [Fact]
    public async Task Row_8693_16_a_token_of_another_application_is_refused()
    {
        var (desk, other) = (await Desk.Create(servers), await Desk.Create(servers));
        (await desk.Client.Token(desk.Form(other.Subject))).ShouldRefuse("invalid_request");
        (await other.Client.Token(desk.Form(other.Subject))).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8693_17_a_bound_token_demands_a_proof_of_its_key()
    {
        var desk = await Desk.Create(servers);
        using var key = DpopKey.NewEc();
        using var other = DpopKey.NewEc();
        var bound = await desk.Change(token => token with { DpopKey = key.Thumbprint });
        (await desk.Client.Token(desk.Form(bound))).ShouldRefuse("invalid_dpop_proof");
        (await desk.Client.TokenWith(other.TokenProof(desk.Provider), desk.Form(bound))).ShouldRefuse("invalid_dpop_proof");
        var reply = await desk.Client.TokenWith(key.TokenProof(desk.Provider), desk.Form(bound));
        reply.Text("token_type").ShouldBe("DPoP");
        reply.Claims("access_token").GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(key.Thumbprint);
    }

    [Fact]
    public async Task Row_9449_17_an_exchange_takes_a_proof()
    {
        var desk = await Desk.Create(servers);
        using var key = DpopKey.NewEc();
        (await desk.Client.TokenWith(key.TokenProof(desk.Provider), desk.Form()))
            .Claims("access_token")
            .GetProperty("cnf")
            .GetProperty("jkt")
            .GetString()
            .ShouldBe(key.Thumbprint);
    }

    [Fact]
    public async Task Row_8693_18_the_log_says_who_for_whom_and_a_refusal_is_no_such_line()
    {
        var desk = await Desk.Create(servers);
        (await desk.Client.Token(desk.Form("made-up"))).ShouldRefuse("invalid_request");
        await desk.Client.Token([.. desk.Form(), ("actor_token", await desk.ActorToken()), ("actor_token_type", AccessToken)]);
        var line = await desk.Provider.Installation.Query<string>(
            "SELECT handle || '|' || detail FROM audit WHERE app_id = @Id AND action = 'exchangeToken'",
            new { desk.Provider.Id }
        );
        line.ShouldBe(
            $"ann@example.com|client {desk.Actor.Id} by {desk.Client.Id}, token of "
                + $"{desk.SubjectClaims.GetProperty("client_id").GetString()}, for {Backend}"
        );
    }

    /// <summary>An application with three APIs, a user's token for the first, and a service that may exchange it for the others.</summary>
    private sealed record Desk(ProviderApp Provider, LoggedInUser User, ProviderClient Client, ProviderClient Actor, string Subject)
    {
        public JsonElement SubjectClaims => LoggedInUser.DecodePart(Subject, 1);

        public static async Task<Desk> Create(ServerFixture servers, params string[] moreGrants)
        {
            var provider = await ProviderApp.Create(servers);
            await provider.AddResource(Api, "read write");
            await provider.AddResource(Backend, "read admin");
            await provider.AddResource(Third, "other");
            var web = await provider.AddClient(
                ClientType.Web,
                settings => settings with { Scopes = [.. settings.Scopes, "read"], Resources = [Api] }
            );
            var client = await provider.AddClient(
                ClientType.Service,
                settings =>
                    settings with
                    {
                        GrantTypes = [GrantType.TokenExchange, .. moreGrants],
                        ExchangeAudiences = [Backend, Third],
                        Resources = [Api, Backend],
                    }
            );
            var (actor, user) = (await provider.AddClient(ClientType.Service), await provider.App.CreateUser("ann@example.com"));
            var tokens = await WaitUntil.IsNotNull(
                "the server knows the resources",
                async () =>
                    await web.Exchange(await provider.IssueCode(web, user, "openid read")) is { Status: System.Net.HttpStatusCode.OK } reply
                    && reply.Claims("access_token").GetProperty("aud").GetString() == Api
                        ? reply
                        : null
            );
            return new Desk(provider, user, client, actor, tokens.Text("access_token"));
        }

        public (string Name, string Value)[] Form(string? subject = null, (string Name, string Value)? target = null) =>
            [
                ("grant_type", GrantType.TokenExchange),
                ("subject_token", subject ?? Subject),
                ("subject_token_type", AccessToken),
                target ?? ("audience", Backend),
            ];

        public (string Name, string Value)[] FormWithout(string name) => [.. Form().Where(pair => pair.Name != name)];

        public async Task<string> ActorToken() => (await Actor.Token(("grant_type", GrantType.ClientCredentials))).Text("access_token");

        /// <summary>The subject token, changed and signed by the application's key.</summary>
        public async Task<string> Change(Func<ProviderAccessToken, ProviderAccessToken> change)
        {
            var (tokens, cache) = (await Provider.Installation.Get<AccessTokens>(), await Provider.Installation.Get<ApplicationCache>());
            var application = (await cache.Find(Provider.Id))!;
            var token = tokens.Read(application, Provider.Issuer, Subject).ShouldNotBeNull();
            return tokens.Write(application, Provider.Issuer, change(token), isOpaque: false);
        }
    }
}
