using System.Net;
using System.Text.Json;
using Latchkey.Provider;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Devices;

namespace Latchkey.Tests.Provider;

/// <summary>The grant of devices without a browser (RFC 8628), without its page.</summary>
public sealed class DeviceGrantTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_8628_01_the_answer_is_JSON_that_no_cache_keeps()
    {
        var asked = (await (await DeviceApp.Create(servers)).Ask()).ShouldBeOk();
        asked.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        asked.Header("Cache-Control").ShouldBe("no-store");
    }

    [Fact]
    public async Task Row_8628_02_the_answer_has_both_codes_the_address_and_the_lifetime()
    {
        var asked = await (await DeviceApp.Create(servers)).Ask();
        asked.Text("device_code").Length.ShouldBe(43);
        asked.Text("user_code").Length.ShouldBe(9);
        asked.Text("verification_uri").ShouldNotBeEmpty();
        asked.Json.GetProperty("expires_in").GetInt64().ShouldBe(600);
    }

    [Fact]
    public async Task Row_8628_03_the_answer_says_how_often_to_ask() =>
        (await (await DeviceApp.Create(servers)).Ask()).ShouldBeOk().Json.GetProperty("interval").GetInt64().ShouldBe(5);

    [Fact]
    public async Task Row_8628_04_the_address_is_short_and_without_the_code()
    {
        var app = await DeviceApp.Create(servers);
        (await app.Ask()).Text("verification_uri").ShouldBe($"{app.Provider.Issuer}/device");
    }

    [Fact]
    public async Task Row_8628_05_the_complete_address_has_the_code()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        asked.Text("verification_uri_complete").ShouldBe($"{asked.Text("verification_uri")}?user_code={asked.Text("user_code")}");
    }

    [Fact]
    public async Task Row_8628_06_a_confidential_client_proves_itself_and_a_public_one_names_itself()
    {
        var app = await DeviceApp.Create(servers);
        (await app.Ask()).ShouldBeOk();
        var confidential = await app.Provider.AddClient(
            ClientType.Device,
            settings => settings with { Authentication = ClientAuthenticationMethod.Secret }
        );
        (await Ask(app, [("client_id", confidential.Id), ("scope", "openid")])).ShouldRefuseClient();
        (await app.Provider.Post("device_authorization", [("scope", "openid")], confidential.Basic)).ShouldBeOk();
        (await Ask(app, [("scope", "openid")])).Json.GetProperty("error").GetString().ShouldBeOneOf("invalid_request", "invalid_client");
    }

    [Fact]
    public async Task Row_8628_07_empty_parameters_count_as_omitted_unknown_ones_are_ignored_doubled_ones_refused()
    {
        var app = await DeviceApp.Create(servers);
        (await app.Ask(("resource", ""), ("unknown", "1"))).ShouldBeOk();
        (await app.Ask(("scope", "openid"))).ShouldRefuse("invalid_request");
        (await Ask(app, [("client_id", app.Client.Id), ("scope", "")])).ShouldRefuse("invalid_scope");
    }

    [Fact]
    public async Task Row_8628_08_a_client_without_the_grant_and_scopes_it_may_not_have_are_refused()
    {
        var app = await DeviceApp.Create(servers);
        var native = await app.Provider.AddClient(ClientType.Native);
        (await Ask(app, [("client_id", native.Id), ("scope", "openid")])).ShouldRefuse("unauthorized_client");
        (await Ask(app, [("client_id", app.Client.Id), ("scope", "openid admin")])).ShouldRefuse("invalid_scope");
        (await Ask(app, [("client_id", app.Client.Id), ("scope", "openid"), ("resource", "https://api.example.com")])).ShouldRefuse(
            "invalid_target"
        );
        (await native.Token(("grant_type", GrantType.DeviceCode), ("device_code", "any"))).ShouldRefuse("unauthorized_client");
    }

    [Fact]
    public async Task Row_8628_09_codes_to_type_have_eight_clear_letters_and_a_dash()
    {
        var app = await DeviceApp.Create(servers);
        for (var i = 0; i < 20; i++)
        {
            (await app.Ask()).Text("user_code").ShouldMatch("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$");
        }
    }

    [Fact]
    public async Task Row_8628_10_lower_case_spaces_and_missing_dashes_are_forgiven()
    {
        var app = await DeviceApp.Create(servers);
        var code = (await app.Ask()).Text("user_code");
        var plain = code.Replace("-", "", StringComparison.Ordinal);
        foreach (var typed in new[] { code, plain, code.ToLowerInvariant(), $" {plain[..2]} {plain[2..]} ", $"{plain[..4]}–{plain[4..]}" })
        {
            (await app.Type(typed)).Succeeded.ShouldBeTrue(typed);
        }

        foreach (var typed in new[] { null, "", plain[1..], $"{plain}B", "AAAA-AAAA", new string('B', 5_000) })
        {
            (await app.Type(typed)).Error.ShouldBe(OAuthErrors.UnknownUserCode);
        }
    }

    [Fact]
    public async Task Row_8628_11_five_wrong_codes_are_all_that_a_user_has_and_another_user_keeps_five()
    {
        var app = await DeviceApp.Create(servers);
        var right = (await app.Ask()).Text("user_code");
        for (var i = 0; i < 5; i++)
        {
            (await app.Type($"BBBB-BBB{DeviceUserCode.Alphabet[i]}")).Error.ShouldBe(OAuthErrors.UnknownUserCode);
        }

        var refused = (await app.Type(right)).Error.ShouldNotBeNull();
        refused.HttpStatus.ShouldBe(429);
        refused.RetryAfter.ShouldNotBeNull();
        (await app.Type(right, from: "127.0.0.9")).Error.ShouldNotBeNull().HttpStatus.ShouldBe(429);
        var bob = await app.Provider.App.CreateUser("bob@example.com");
        (await app.Type(right, by: bob)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Row_8628_11_right_codes_do_not_use_up_the_tries()
    {
        var app = await DeviceApp.Create(servers);
        for (var i = 0; i < 8; i++)
        {
            (await app.Type((await app.Ask()).Text("user_code"))).Succeeded.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Row_8628_12_the_database_has_neither_code()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        var row = await app.Provider.Installation.Query<string>(
            "SELECT id || ' ' || user_code FROM device_codes WHERE app_id = @Id",
            new { app.Provider.Id }
        );
        row.ShouldNotContain(asked.Text("device_code"));
        row.ShouldNotContain(asked.Text("user_code").Replace("-", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Row_8628_16_the_device_proves_itself_as_at_any_token_request()
    {
        var app = await DeviceApp.Create(servers, settings => settings with { Authentication = ClientAuthenticationMethod.Secret });
        var asked = await app.Provider.Post("device_authorization", [("scope", DeviceApp.Scope)], app.Client.Basic);
        await app.Approve(asked);
        (await app.Provider.Post("token", [("client_id", app.Client.Id), .. DeviceApp.PollForm(asked)])).ShouldRefuseClient();
        (await app.Client.Token(("grant_type", GrantType.DeviceCode))).ShouldRefuse("invalid_request");
        (await app.Poll(asked)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8628_17_before_a_decision_the_device_is_told_to_wait()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        (await app.Poll(asked)).ShouldRefuse("authorization_pending");
        await app.Pass(TimeSpan.FromSeconds(6));
        (await app.Poll(asked)).ShouldRefuse("authorization_pending");
    }

    [Fact]
    public async Task Row_8628_18_each_poll_that_comes_too_early_makes_the_wait_five_seconds_longer()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        (await app.Poll(asked)).ShouldRefuse("authorization_pending");
        (await app.Poll(asked)).ShouldRefuse("slow_down");
        (await app.Poll(asked)).ShouldRefuse("slow_down");
        await app.Pass(TimeSpan.FromSeconds(11)); // 15 seconds by now
        (await app.Poll(asked)).ShouldRefuse("slow_down"); // 20
        await app.Pass(TimeSpan.FromSeconds(21));
        (await app.Poll(asked)).ShouldRefuse("authorization_pending");
        await app.Pass(TimeSpan.FromSeconds(6));
        await app.Approve(asked);
        (await app.Poll(asked)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8628_19_after_no_the_answer_is_access_denied()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        await app.Decline(asked);
        (await app.Poll(asked)).ShouldRefuse("access_denied");
        (await app.Poll(asked)).ShouldRefuse("access_denied");
    }

    [Fact]
    public async Task Row_8628_20_after_ten_minutes_the_answer_is_expired_token_also_when_approved()
    {
        var app = await DeviceApp.Create(servers);
        var (asked, approved) = (await app.Ask(), await app.Ask());
        await app.Approve(approved);
        await app.Pass(TimeSpan.FromMinutes(10));
        (await app.Poll(asked)).ShouldRefuse("expired_token");
        (await app.Poll(approved)).ShouldRefuse("expired_token");
        (await app.Type(asked.Text("user_code"))).Error.ShouldBe(OAuthErrors.UnknownUserCode);
    }

    [Fact]
    public async Task Row_8628_21_an_approved_device_gets_tokens_once()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        await app.Approve(asked);
        var tokens = await app.Poll(asked);
        tokens.Text("token_type").ShouldBe("Bearer");
        tokens.Text("scope").ShouldBe(DeviceApp.Scope);
        var (session, claims) = (await app.SessionOf(app.User), tokens.Claims("id_token"));
        claims.GetProperty("sub").GetString().ShouldBe(session.User.Id);
        claims.GetProperty("auth_time").GetInt64().ShouldBe(session.Session.AuthenticatedAt / 1000);
        claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()).ShouldBe(["pwd"]);
        (await app.Poll(asked)).ShouldRefuse("invalid_grant");
        (await app.Client.Token(("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token")))).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8628_21_of_ten_polls_at_once_one_gets_tokens()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        await app.Approve(asked);
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Poll(asked)));
        replies.Count(reply => reply.Status == HttpStatusCode.OK).ShouldBe(1);
        replies.Where(reply => reply.Status != HttpStatusCode.OK).ToList().ForEach(reply => reply.ShouldRefuse("invalid_grant"));
    }

    [Fact]
    public async Task Row_8628_22_another_clients_device_code_is_refused_and_not_used_up()
    {
        var app = await DeviceApp.Create(servers);
        var other = await app.Provider.AddClient(ClientType.Device);
        var asked = await app.Ask();
        (await other.Token(DeviceApp.PollForm(asked))).ShouldRefuse("invalid_grant");
        await app.Approve(asked);
        (await other.Token(DeviceApp.PollForm(asked))).ShouldRefuse("invalid_grant");
        (await other.Token(("grant_type", GrantType.DeviceCode), ("device_code", "made-up"))).ShouldRefuse("invalid_grant");
        (await app.Poll(asked)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8628_22_a_device_code_means_nothing_at_another_application()
    {
        var (app, other) = (await DeviceApp.Create(servers), await DeviceApp.Create(servers));
        var asked = await app.Ask();
        await app.Approve(asked);
        (await other.Poll(asked)).ShouldRefuse("invalid_grant");
        (await other.Type((await app.Ask()).Text("user_code"))).Error.ShouldBe(OAuthErrors.UnknownUserCode);
        (await app.Poll(asked)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8628_25_a_code_is_dead_after_the_decision()
    {
        var app = await DeviceApp.Create(servers);
        var (first, second) = (await app.Ask(), await app.Ask());
        await app.Approve(first);
        await app.Decline(second);
        (await app.Type(first.Text("user_code"))).Error.ShouldBe(OAuthErrors.UnknownUserCode);
        (await app.Type(second.Text("user_code"))).Error.ShouldBe(OAuthErrors.UnknownUserCode);
        (await app.Poll(first)).ShouldBeOk();
        (await app.Type(first.Text("user_code"))).Error.ShouldBe(OAuthErrors.UnknownUserCode);
    }

    [Fact]
    public async Task Row_8628_26_two_tabs_make_one_decision_and_a_ticket_is_of_its_session_only()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        var (one, two) = (await app.Type(asked.Text("user_code")), await app.Type(asked.Text("user_code")));
        var bob = await app.Provider.App.CreateUser("bob@example.com");
        (await app.Decide(one, isApproved: true, by: bob)).ShouldNotBeNull().Code.ShouldBe(OAuthErrors.UnknownUserCode.Code);
        (await app.Decide(one, isApproved: false)).ShouldBeNull();
        (await app.Decide(two, isApproved: true)).ShouldBe(OAuthErrors.UnknownUserCode);
        (await app.Decide(one, isApproved: true)).ShouldBe(OAuthErrors.UnknownUserCode);
        (await app.Poll(asked)).ShouldRefuse("access_denied");
    }

    [Fact]
    public async Task Row_247_01_the_grant_is_off_until_a_client_asks_for_it()
    {
        foreach (var type in Enum.GetValues<ClientType>().Where(type => type != ClientType.Device))
        {
            ClientDefaults.Of(type).GrantTypes.ShouldNotContain(GrantType.DeviceCode);
        }

        File.Exists(Path.Combine(RepositoryPaths.Root, "docs", "adr", "0045-device-grant.md")).ShouldBeTrue();
        var app = await DeviceApp.Create(servers, settings => settings with { GrantTypes = [GrantType.RefreshToken] });
        (await app.Ask()).ShouldRefuse("unauthorized_client");
    }

    [Theory]
    [InlineData("127.0.0.1", "Firefox/1", DeviceNetwork.Same)]
    [InlineData("127.0.0.1", "", DeviceNetwork.Same)]
    [InlineData("127.0.0.1", "TV/1", DeviceNetwork.SameDevice)]
    [InlineData("203.0.113.5", "TV/1", DeviceNetwork.Other)]
    public async Task Row_247_03_and_06_the_question_knows_whether_the_device_is_near(string from, string userAgent, DeviceNetwork expected)
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Provider.Post(
            "device_authorization",
            [("client_id", app.Client.Id), ("scope", "openid")],
            ("User-Agent", "TV/1")
        );
        (await app.Type(asked.Text("user_code"), from, userAgent)).Value.ShouldNotBeNull().Network.ShouldBe(expected);
    }

    [Fact]
    public async Task Row_247_07_one_network_gets_a_hundred_codes_in_ten_minutes_and_another_its_own()
    {
        var limited = new ProviderApp(await App.CreateRsa(servers.Main, ["signupFlow=none"]));
        var client = await limited.AddClient(ClientType.Device);
        (string, string)[] form = [("client_id", client.Id), ("scope", "openid")];
        for (var i = 0; i < 100; i++)
        {
            (await limited.Post("device_authorization", form)).ShouldBeOk();
        }

        var refused = await limited.Post("device_authorization", form);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Header("Retry-After").ShouldNotBeNull();
        var elsewhere = new ProviderApp(limited.App.WithAddress("127.0.0.77"));
        (await elsewhere.Post("device_authorization", form)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_247_08_the_device_has_a_session_of_its_own_that_the_user_can_end()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        await app.Approve(asked);
        var tokens = await app.Poll(asked);
        var listed = (await app.User.Get("sessions"))
            .ShouldBeOk()
            .Json.GetProperty("sessions")
            .EnumerateArray()
            .Single(one => one.TryGetProperty("deviceName", out var name) && name.GetString() == "Living room TV");
        listed.GetProperty("id").GetString().ShouldBe(tokens.Claims("id_token").GetProperty("sid").GetString());
        (await app.User.Post("endSession", new { id = listed.GetProperty("id").GetString() })).ShouldBeOk();
        (await app.Client.Token(("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token")))).ShouldRefuse(
            "invalid_grant"
        );
        (await app.User.TryGetUser()).ShouldBeOk();
    }

    [Fact]
    public async Task Row_247_08_the_session_of_the_device_outlives_the_browsers_and_ends_with_the_access_token_if_it_cannot_refresh()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await Ask(app, [("client_id", app.Client.Id), ("scope", "openid")]);
        await app.Approve(asked);
        var tokens = await app.Poll(asked);
        tokens.Has("refresh_token").ShouldBeFalse();
        var second = await app.Ask();
        await app.Approve(second);
        var lasting = await app.Poll(second);
        (await app.User.Post("logout", new { })).ShouldBeOk();
        (await app.Client.Token(("grant_type", "refresh_token"), ("refresh_token", lasting.Text("refresh_token")))).ShouldBeOk();
        var ends = await app.Provider.Installation.Query<long>(
            "SELECT MIN(s.expires_at) FROM sessions s WHERE s.app_id = @Id AND s.device_name <> ''",
            new { app.Provider.Id }
        );
        (ends / 1000).ShouldBe(tokens.Claims("access_token").GetProperty("exp").GetInt64());
    }

    [Fact]
    public async Task What_was_approved_is_refused_when_the_session_of_the_approval_has_ended_or_the_user_is_suspended()
    {
        var app = await DeviceApp.Create(servers);
        var first = await app.Ask();
        await app.Approve(first);
        (await app.User.Post("logout", new { })).ShouldBeOk();
        (await app.Poll(first)).ShouldRefuse("access_denied");

        var again = app with { User = await app.Provider.App.Login("ann@example.com") };
        var second = await app.Ask();
        await again.Approve(second);
        await app.Provider.Installation.Execute(
            "UPDATE users SET status = 'suspend' WHERE app_id = @Id AND handle = 'ann@example.com'",
            new { app.Provider.Id }
        );
        (await app.Poll(second)).ShouldRefuse("access_denied");
    }

    [Fact]
    public async Task Row_9449_17_a_device_takes_a_proof_and_its_code_is_bound_to_the_key_that_asked()
    {
        var app = await DeviceApp.Create(servers);
        using var key = DpopKey.NewEc();
        using var other = DpopKey.NewEc();
        var asked = await app.Provider.Post(
            "device_authorization",
            [("client_id", app.Client.Id), ("scope", DeviceApp.Scope)],
            key.Header(app.Provider.Address("device_authorization"))
        );
        await app.Approve(asked);
        (await app.Poll(asked)).ShouldRefuse("invalid_grant");
        (await app.Client.TokenWith(other.TokenProof(app.Provider), DeviceApp.PollForm(asked))).ShouldRefuse("invalid_grant");
        var tokens = await app.Client.TokenWith(key.TokenProof(app.Provider), DeviceApp.PollForm(asked));
        tokens.Claims("access_token").GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(key.Thumbprint);
        (await app.Client.RefreshWith(other.TokenProof(app.Provider), tokens)).ShouldRefuse("invalid_grant");
        (await app.Client.RefreshWith(key.TokenProof(app.Provider), tokens)).ShouldBeOk();
    }

    [Fact]
    public async Task A_third_partys_approval_is_remembered_as_a_consent_and_the_first_partys_is_not()
    {
        var app = await DeviceApp.Create(servers);
        await app.Approve(await app.Ask());
        (await CountConsents(app)).ShouldBe(1);
        var own = await DeviceApp.Create(servers, settings => settings with { FirstParty = true });
        await own.Approve(await own.Ask());
        (await CountConsents(own)).ShouldBe(0);

        static Task<int> CountConsents(DeviceApp app) =>
            app.Provider.Installation.Query<int>(
                "SELECT COUNT(*) FROM consents WHERE app_id = @Id AND client_id = @client AND scope = @Scope",
                new
                {
                    app.Provider.Id,
                    client = app.Client.Id,
                    DeviceApp.Scope,
                }
            );
    }

    [Fact]
    public async Task The_log_says_who_let_which_device_in()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        await app.Approve(asked);
        await app.Poll(asked);
        await app.Decline(await app.Ask());
        foreach (var action in new[] { "approveDevice", "declineDevice", "deviceLogin" })
        {
            (
                await app.Provider.Installation.Query<int>(
                    "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = @action AND handle = 'ann@example.com' AND detail LIKE @detail",
                    new
                    {
                        app.Provider.Id,
                        action,
                        detail = $"client {app.Client.Id}%",
                    }
                )
            ).ShouldBe(1, action);
        }
    }

    private static Task<Reply> Ask(DeviceApp app, (string, string)[] form) => app.Provider.Post("device_authorization", form);
}
