using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>The exchange of a code: rows of OAuth 2.1 and RFC 9700, and modules of the certification suite.</summary>
public sealed class CodeExchangeTests(ServerFixture servers)
{
    private const string Code = GrantType.AuthorizationCode;

    [Theory]
    [InlineData(null, "invalid_grant")]
    [InlineData("wrong-but-well-formed-verifier-of-43-characters", "invalid_grant")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX", "invalid_request")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOE=+/", "invalid_request")]
    public async Task Row_21_21_A_wrong_missing_or_malformed_verifier_is_refused(string? verifier, string error)
    {
        var (client, ann) = await ClientAndUser();
        (await Exchange(client, await client.Provider.IssueCode(client, ann), verifier)).ShouldRefuse(error);
        (await Exchange(client, await client.Provider.IssueCode(client, ann), new string('a', 129))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_21_22_A_verifier_without_a_challenge_is_refused()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann, change: c => c with { CodeChallenge = null });
        (await client.Exchange(code)).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_21_23_A_code_works_for_its_client_and_its_redirect_uri_only_once_and_in_time()
    {
        var (client, ann) = await ClientAndUser();
        var provider = client.Provider;
        (await (await provider.AddClient()).Exchange(await provider.IssueCode(client, ann))).ShouldRefuse("invalid_grant");
        (
            await client.Exchange(await provider.IssueCode(client, ann, change: c => c with { RedirectUri = "https://other.example/" }))
        ).ShouldRefuse("invalid_grant");
        (await client.Exchange(await provider.IssueCode(client, ann, change: c => c with { ExpiresAt = Now() - 1 }))).ShouldRefuse(
            "invalid_grant"
        );
        (await provider.Count("session_grants")).ShouldBe(3); // each is burnt
        (
            await provider.Installation.Query<long>(
                "SELECT COUNT(*) FROM session_grants WHERE app_id = @Id AND ended_at IS NULL",
                new { provider.Id }
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task Row_21_24_A_second_use_ends_all_tokens_of_the_first_and_is_logged()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann, "openid offline_access");
        var first = (await client.Exchange(code)).ShouldBeOk();
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
        (await client.Refresh(first.Text("refresh_token"))).ShouldRefuse("invalid_grant");
        (await client.Provider.UserInfo(first.Text("access_token"))).Status.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        (await client.Introspect(first.Text("access_token"))).IsActive().ShouldBeFalse();
        (await client.Provider.Causes("token")).ShouldContain(cause => cause.Contains("used before"));
        (await ann.TryGetUser()).ShouldBeOk(); // the session itself lives
    }

    [Fact]
    public async Task Row_21_25_A_code_is_burnt_by_the_first_failure()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann);
        (await Exchange(client, code, "wrong-but-well-formed-verifier-of-43-characters")).ShouldRefuse("invalid_grant");
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_21_37_A_redirect_uri_that_is_sent_must_be_the_right_one_and_may_be_left_out_with_PKCE()
    {
        var (client, ann) = await ClientAndUser();
        var provider = client.Provider;
        (await Exchange(client, await provider.IssueCode(client, ann), ProviderApp.Verifier, uri: null)).ShouldBeOk();
        (await Exchange(client, await provider.IssueCode(client, ann), ProviderApp.Verifier, ProviderApp.RedirectUri + "/")).ShouldRefuse(
            "invalid_grant"
        );
        var withoutPkce = await provider.IssueCode(client, ann, change: c => c with { CodeChallenge = null });
        (await Exchange(client, withoutPkce, verifier: null, uri: null)).ShouldRefuse("invalid_grant");
        withoutPkce = await provider.IssueCode(client, ann, change: c => c with { CodeChallenge = null });
        (await Exchange(client, withoutPkce, verifier: null)).ShouldBeOk();
    }

    [Fact]
    public async Task B_28_AuthCodeReuse()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann);
        (await client.Exchange(code)).ShouldBeOk();
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task B_29_AuthCodeReuseAfter30Seconds()
    {
        var (client, ann) = await ClientAndUser();
        // As the code is after 30 seconds: it has 30 left.
        var code = await client.Provider.IssueCode(client, ann, change: c => c with { ExpiresAt = Now() + 30_000 });
        var first = (await client.Exchange(code)).ShouldBeOk();
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
        ((int)(await client.Provider.UserInfo(first.Text("access_token"))).Status).ShouldBe(401);
    }

    [Fact]
    public async Task F_13_AttemptReuseAuthorizationCodeAfterOneSecond()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann);
        var first = (await client.Exchange(code)).ShouldBeOk();
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
        (await client.Provider.UserInfo(first.Text("access_token"))).Status.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task F_14_AttemptToUseExpiredAuthCode()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann, change: c => c with { ExpiresAt = Now() - 2000 });
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task F_15_EnsureAuthorizationCodeIsBoundToClient()
    {
        var (client, ann) = await ClientAndUser();
        var other = await client.Provider.AddClient();
        (await other.Exchange(await client.Provider.IssueCode(client, ann))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_9700_18_A_code_twice_revokes_the_earlier_tokens()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann, "openid offline_access");
        var first = (await client.Exchange(code)).ShouldBeOk();
        (await Exchange(client, code, verifier: null)).ShouldRefuse("invalid_grant"); // also by one who has only the code
        (await client.Refresh(first.Text("refresh_token"))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_9700_19_A_failed_use_on_one_node_burns_the_code_on_the_other()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann);
        (await Exchange(client, code, "wrong-but-well-formed-verifier-of-43-characters")).ShouldRefuse("invalid_grant");
        (await (await AtSecondNode(client)).Exchange(code)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_9700_19_Of_many_uses_at_once_on_two_nodes_one_wins()
    {
        var (client, ann) = await ClientAndUser();
        var (provider, other) = (client.Provider, await AtSecondNode(client));
        var code = await provider.IssueCode(client, ann);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? client : other).Exchange(code)));
        replies.Count(reply => reply.Status == System.Net.HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in replies.Where(reply => reply.Status != System.Net.HttpStatusCode.OK))
        {
            refused.ShouldRefuse("invalid_grant");
        }

        (await provider.Count("session_grants")).ShouldBe(1);
    }

    [Fact]
    public async Task A_code_of_another_application_is_refused()
    {
        var (client, ann) = await ClientAndUser();
        var other = await (await ProviderApp.Create(servers)).AddClient();
        (await other.Exchange(await client.Provider.IssueCode(client, ann))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task A_code_of_a_session_that_is_over_or_of_a_suspended_user_is_refused()
    {
        var (client, ann) = await ClientAndUser();
        var code = await client.Provider.IssueCode(client, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
        var ben = await client.Provider.App.CreateUser("ben@example.com");
        code = await client.Provider.IssueCode(client, ben);
        await client.Provider.Installation.Execute(
            "UPDATE users SET status = 'suspend' WHERE app_id = @Id AND handle = 'ben@example.com'",
            new { client.Provider.Id }
        );
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task The_first_exchange_of_a_day_counts_the_user_as_active_once()
    {
        var (client, ann) = await ClientAndUser();
        await client.Provider.Installation.Execute(
            "UPDATE users SET created_at = 1, last_login_at = 1, last_active_at = NULL WHERE app_id = @Id",
            new { client.Provider.Id }
        );
        (await client.Exchange(await client.Provider.IssueCode(client, ann))).ShouldBeOk();
        var at = await client.Provider.Installation.Query<long>(
            "SELECT last_active_at FROM users WHERE app_id = @Id",
            new { client.Provider.Id }
        );
        at.ShouldBeGreaterThan(Now() - 60_000);
        (await client.Exchange(await client.Provider.IssueCode(client, ann))).ShouldBeOk();
        (
            await client.Provider.Installation.Query<long>(
                "SELECT last_active_at FROM users WHERE app_id = @Id",
                new { client.Provider.Id }
            )
        ).ShouldBe(at);
    }

    [Fact]
    public async Task By_a_setting_offline_access_outlives_the_browsers_session()
    {
        var (client, ann) = await ClientAndUser();
        await client.Provider.Change(settings => settings with { OfflineOutlivesLogout = true });
        var tokens = (await client.Exchange(await client.Provider.IssueCode(client, ann, "openid offline_access"))).ShouldBeOk();
        (await ann.Post("logout", new { })).ShouldBeTrue();
        var again = (await client.Refresh(tokens.Text("refresh_token"))).ShouldBeOk();
        again.Claims("id_token").GetProperty("sid").GetString().ShouldBe(tokens.Claims("id_token").GetProperty("sid").GetString());
        again
            .Claims("id_token")
            .GetProperty("auth_time")
            .GetInt64()
            .ShouldBe(tokens.Claims("id_token").GetProperty("auth_time").GetInt64());
    }

    private async Task<(ProviderClient Client, LoggedInUser User)> ClientAndUser(params string[] settings)
    {
        var provider = await ProviderApp.Create(servers, settings);
        return (await provider.AddClient(), await provider.App.CreateUser(ProviderCalls.Ann));
    }

    /// <summary>The client at another server on the same database.</summary>
    private async Task<ProviderClient> AtSecondNode(ProviderClient client)
    {
        var second = await servers.StartOn(client.Provider.Installation, ["--limits", "off"]);
        return client with { Provider = new ProviderApp(client.Provider.App with { Server = second }) };
    }

    private static Task<Reply> Exchange(ProviderClient client, string code, string? verifier, string? uri = ProviderApp.RedirectUri) =>
        client.Token(("grant_type", Code), ("code", code), ("code_verifier", verifier ?? ""), ("redirect_uri", uri ?? ""));

    private static long Now() => TimeProvider.System.Now();
}
