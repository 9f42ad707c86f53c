using Latchkey.Provider.Clients;
using Latchkey.Tests.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>What becomes of clients, resources, grants and consents when users and applications go.</summary>
public sealed class ProviderLifeCycleTests(ServerFixture servers)
{
    private const string Api = "https://api.example.com";

    [Fact]
    public async Task A_deleted_users_grants_and_consents_go_and_clients_are_told()
    {
        var (provider, client, user) = await Signed();
        (await provider.App.SendAsServer(HttpMethod.Delete, $"users/{user.Id()}")).ShouldBeTrue();
        (await Count(provider.App, "session_grants")).ShouldBe(0);
        (await Count(provider.App, "consents")).ShouldBe(0);
        (
            await provider.Installation.Query<string>(
                "SELECT client_id || ' ' || sid || ' ' || user_id FROM logout_notices WHERE app_id = @Id",
                new { provider.Id }
            )
        ).ShouldBe($"{client.Id} sid-of-the-test {user.Id()}");
    }

    [Fact]
    public async Task A_reset_keeps_clients_and_resources_and_takes_what_users_granted()
    {
        var (provider, client, _) = await Signed();
        (await provider.Installation.Run("app", "reset", provider.Id, "--confirm", "Demo")).ShouldSucceed();
        foreach (var table in new[] { "users", "session_grants", "consents", "logout_notices", "device_codes" })
        {
            (await Count(provider.App, table)).ShouldBe(0, table);
        }

        (await provider.Installation.Run("client", "show", provider.Id, client.Id)).ShouldSucceed();
        (await provider.Installation.Run("resource", "list", provider.Id)).ShouldSucceed().Output.ShouldContain(Api);
        (await Count(provider.App, "used_tokens")).ShouldBe(1, "a used token could be used again");
    }

    [Fact]
    public async Task A_deleted_application_leaves_nothing()
    {
        var (provider, _, _) = await Signed();
        var (kept, _, _) = await Signed();
        await provider.App.Delete();
        foreach (
            var table in new[] { "clients", "resources", "session_grants", "consents", "logout_notices", "device_codes", "used_tokens" }
        )
        {
            (await Count(provider.App, table)).ShouldBe(0, table);
        }

        foreach (var table in new[] { "clients", "resources", "consents", "device_codes", "used_tokens" })
        {
            (await Count(kept.App, table)).ShouldBe(1, table);
        }
    }

    private async Task<(ProviderApp Provider, ProviderClient Client, LoggedInUser User)> Signed()
    {
        var provider = await ProviderApp.Create(servers);
        (await provider.Installation.Run("resource", "add", provider.Id, Api)).ShouldSucceed();
        var client = await provider.AddClient(ClientType.Web, settings => settings with { LogoutUri = "https://client.example.com/out" });
        var user = await provider.App.CreateUser("una@example.com");
        await ClientApiTests.Grant(provider.App, user, client.Id);
        await provider.Installation.Execute(
            "INSERT INTO used_tokens (app_id, id, expires_at) VALUES (@Id, 'used', 9000000000000)",
            new { provider.Id }
        );
        await provider.Installation.Execute(
            """
            INSERT INTO device_codes (app_id, id, user_code, client_id, scope, resources, client, user_agent, state,
              interval_seconds, created_at, expires_at)
            VALUES (@Id, 'device', 'code', @client, '', '', '', '', 'pending', 5, 1, 9000000000000)
            """,
            new { provider.Id, client = client.Id }
        );
        return (provider, client, user);
    }

    private static Task<long> Count(App app, string table) =>
        app.Installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id", new { app.Id });
}
