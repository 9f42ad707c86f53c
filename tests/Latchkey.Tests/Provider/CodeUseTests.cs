using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Each of the two ways in which the use of a code is stored: alone, and with the activity of the day.</summary>
public sealed class CodeUseTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_code_works_once_and_its_second_use_ends_the_grant(bool isFirstActivityOfDay)
    {
        var provider = await ProviderApp.Create(servers);
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(Ann));
        if (isFirstActivityOfDay)
        {
            await provider.Installation.Execute(
                "UPDATE users SET last_login_at = last_login_at - @Day, created_at = created_at - @Day WHERE app_id = @Id",
                new { provider.Id, Day = 86_400_000L }
            );
        }

        var active = await CountActive(provider);
        var code = await provider.IssueCode(client, ann, "openid offline_access");
        var refreshToken = (await client.Exchange(code)).Text("refresh_token");
        (await CountActive(provider)).ShouldBe(active + (isFirstActivityOfDay ? 1 : 0));
        refreshToken = (await Refresh(client, refreshToken)).Text("refresh_token");
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
        (await Refresh(client, refreshToken)).ShouldRefuse("invalid_grant");
        (await CountActive(provider)).ShouldBe(active + (isFirstActivityOfDay ? 1 : 0));
    }

    /// <summary>The grant is read together with the client, and must not be used for whoever is refused.</summary>
    [Fact]
    public async Task A_refresh_token_moves_on_for_its_own_client_only_when_that_has_proved_itself()
    {
        var provider = await ProviderApp.Create(servers);
        var (client, other) = (await provider.AddClient(), await provider.AddClient());
        var code = await provider.IssueCode(client, await provider.App.CreateUser(Ann), "openid offline_access");
        var refreshToken = (await client.Exchange(code)).Text("refresh_token");
        (await Refresh(client with { Secret = "wrong" }, refreshToken)).ShouldRefuseClient();
        (await Refresh(other, refreshToken)).ShouldRefuse("invalid_grant");
        (await Generation(provider, client)).ShouldBe(1);
        (await Refresh(client, refreshToken)).ShouldBeOk();
        (await Generation(provider, client)).ShouldBe(2);
    }

    private static Task<Reply> Refresh(ProviderClient client, string refreshToken) =>
        client.Token(("grant_type", GrantType.RefreshToken), ("refresh_token", refreshToken));

    private static Task<long> Generation(ProviderApp provider, ProviderClient client) =>
        provider.Installation.Query<long>(
            "SELECT generation FROM session_grants WHERE app_id = @Id AND client = @Client",
            new { provider.Id, Client = client.Id }
        );

    private static Task<long> CountActive(ProviderApp provider) =>
        provider.Installation.Query<long>(
            """
            SELECT (SELECT COALESCE(SUM(count), 0) FROM usage_days WHERE app_id = @Id AND kind = 'active')
              + (SELECT COUNT(*) FROM usage_events WHERE app_id = @Id AND kind = 'active')
            """,
            new { provider.Id }
        );
}
